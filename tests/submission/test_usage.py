"""Reports are the same for the same seed, in the vendor's layout, and never whole in memory."""

from __future__ import annotations

import gzip
import io
import json
import tempfile
import tracemalloc
import uuid
import zipfile

from nimnetcheck.submission import usage

TOKENS = ("first.token.x", "second.token.x")
FIELDS = {"version", "uuid", "nap", "http", "stream", "workers", "uptime", "reloads", "start_time", "end_time"}


def export(instances: int, batch: int = usage.BATCH_RECORDS) -> io.BytesIO:
    file = io.BytesIO()
    usage.write_export_2_22(file, instances, TOKENS, batch=batch)
    return file


def test_records_carry_the_documented_fields_and_differ() -> None:
    first, *others = usage.records(50, seed=7)
    assert set(first) == FIELDS
    assert set(first["http"]["client"]) == {"received", "sent", "requests"}
    assert set(first["http"]["upstream"]) == set(first["stream"]["client"]) == {"received", "sent"}
    assert first["end_time"] - first["start_time"] == 3600
    assert str(uuid.UUID(first["uuid"])) == first["uuid"]
    assert len({record["uuid"] for record in (first, *others)}) == 50


def test_the_seed_decides() -> None:
    assert list(usage.records(9, seed=1)) == list(usage.records(9, seed=1))
    assert list(usage.records(9, seed=1)) != list(usage.records(9, seed=2))
    assert export(9).getvalue() == export(9).getvalue()


def test_an_export_is_two_levels_deep_with_every_instance_once() -> None:
    with zipfile.ZipFile(export(25, batch=5)) as archive:
        names = archive.namelist()
        assert all(name.count("/") == 2 for name in names)
        assert sorted(archive.read(name).decode() for name in names if name.endswith("jwt.txt")) == sorted(TOKENS)
        packed = [archive.read(name) for name in names if name.endswith(".gzip")]
    assert len(packed) == 6
    seen = [json.loads(line)["uuid"] for data in packed for line in gzip.decompress(data).splitlines()]
    assert len(set(seen)) == len(seen) == 25


def test_a_2_21_report_is_a_zip_that_claims_nothing() -> None:
    file = io.BytesIO()
    usage.write_report_2_21(file, 3)
    with zipfile.ZipFile(file) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == ["PLACEHOLDER.txt", "opaque.bin"]
        assert archive.getinfo("opaque.bin").file_size == 3 * usage.OPAQUE_BYTES


def test_memory_does_not_grow_with_the_instances() -> None:
    peaks = []
    for instances in (20, 2000):
        with tempfile.TemporaryFile() as file:
            tracemalloc.start()
            usage.write_export_2_22(file, instances, TOKENS)
            usage.write_report_2_21(file, instances)
            peaks.append(tracemalloc.get_traced_memory()[1])
            tracemalloc.stop()
    assert peaks[1] < peaks[0] + 100_000
