"""Usage reports as a NIM would hand them out: as many instances as asked for, from a seed, never all in memory.

A record's fields are documented ("reported usage data"). The form inside `usage*.gzip` is published nowhere; one JSON
object a line is inferred. What a NIM up to 2.21 puts into its report is not published either, so that one is a
placeholder with nothing in it to be taken for the real thing.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import random
import uuid
import zipfile
from itertools import islice
from typing import IO, TYPE_CHECKING, TypedDict

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

HOUR_S = 3600
END_TIME = 1_767_225_600  # 2026-01-01: a fixed hour, so that the same seed gives the same bytes
VERSIONS = ("1.27.2", "1.27.4", "1.29.0", "1.29.3")
BATCH_RECORDS = 40_000  # `disconnected.export_batch_size`, NIM 2.22's default
GROUP = "usage"
ZIP_TIME = (1980, 1, 1, 0, 0, 0)
OWNER_ONLY = 0o600 << 16
PLACEHOLDER = "PLACEHOLDER.txt"
PLACEHOLDER_TEXT = b"An emulated report. What a real one holds is not published.\n"
OPAQUE_BYTES = 256


class Side(TypedDict, total=False):
    """Bytes and requests on one side of the proxy."""

    received: int
    sent: int
    requests: int


class Traffic(TypedDict):
    """What passed on both sides."""

    client: Side
    upstream: Side


class Record(TypedDict):
    """One instance's report of one hour; times are seconds since the epoch."""

    version: str
    uuid: str
    nap: str
    http: Traffic
    stream: Traffic
    workers: int
    uptime: int
    reloads: int
    start_time: int
    end_time: int


def records(instances: int, *, seed: int = 0, end_time: int = END_TIME) -> Iterator[Record]:
    """One record for each instance, the same for the same seed."""
    source = random.Random(seed)  # noqa: S311 (made-up traffic, not a secret)
    for _ in range(instances):
        yield _record(source, end_time)


def write_export_2_22(file: IO[bytes], instances: int, tokens: Sequence[str], *, batch: int = BATCH_RECORDS) -> None:
    """Write the export of a NIM 2.22: `<group>/<token-dir>/jwt.txt` and `usage*.gzip` beside it.

    Instances are dealt out to the tokens in equal shares, at most `batch` records a file.
    """
    with zipfile.ZipFile(file, "w") as archive:
        for index, token in enumerate(tokens):
            folder = f"{GROUP}/{hashlib.sha256(token.encode()).hexdigest()[:12]}"
            archive.writestr(_entry(f"{folder}/jwt.txt"), token)
            share = len(range(index, instances, len(tokens)))
            remaining = records(share, seed=index)
            for number, start in enumerate(range(0, share, batch), 1):
                with archive.open(_entry(f"{folder}/usage_{number:05d}.gzip"), "w") as entry:
                    _write_gzip(entry, islice(remaining, min(batch, share - start)))


def write_report_2_21(file: IO[bytes], instances: int) -> None:
    """Write the report of a NIM up to 2.21: a zip as large as that many instances make it, opaque on purpose."""
    source = random.Random(instances)  # noqa: S311 (filling, not a secret)
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(_entry(PLACEHOLDER), PLACEHOLDER_TEXT)
        with archive.open(_entry("opaque.bin"), "w") as entry:
            for _ in range(instances):
                entry.write(source.getrandbits(8 * OPAQUE_BYTES).to_bytes(OPAQUE_BYTES, "big"))


def _record(source: random.Random, end_time: int) -> Record:
    requests = int(source.paretovariate(1.2) * 1000)
    received, sent = requests * source.randint(300, 900), requests * source.randint(800, 20_000)
    streamed = source.choice((0, 0, source.randint(1, 10**9)))
    return Record(
        version=source.choice(VERSIONS),
        uuid=str(uuid.UUID(int=source.getrandbits(128), version=4)),
        nap=source.choice(("active", "inactive", "inactive")),
        http=_traffic(received, sent, requests),
        stream=_traffic(streamed, streamed // 3),
        workers=source.choice((2, 4, 8, 16)),
        uptime=source.randint(HOUR_S, 90 * 24 * HOUR_S),
        reloads=source.randint(0, 20),
        start_time=end_time - HOUR_S,
        end_time=end_time,
    )


def _traffic(received: int, sent: int, requests: int | None = None) -> Traffic:
    """Upstreams see a little less than clients do: some answers come from a cache."""
    client = Side(received=received, sent=sent)
    if requests is not None:
        client["requests"] = requests
    return Traffic(client=client, upstream=Side(received=sent * 9 // 10, sent=received * 9 // 10))


def _write_gzip(entry: IO[bytes], lines: Iterator[Record]) -> None:
    with gzip.GzipFile(filename="", mode="wb", fileobj=entry, mtime=0) as packed:
        for record in lines:
            packed.write(json.dumps(record, separators=(",", ":")).encode() + b"\n")


def _entry(name: str) -> zipfile.ZipInfo:
    """An entry without a clock in it, stored: what matters in it is packed already."""
    entry = zipfile.ZipInfo(name, ZIP_TIME)
    entry.external_attr = OWNER_ONLY
    return entry
