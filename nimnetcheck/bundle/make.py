"""A bundle of one run, redacted unless asked otherwise, and the map that only its maker keeps: pure."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import attrs

from nimnetcheck.bundle import collect
from nimnetcheck.bundle.contents import CERTIFICATES, FIREWALL, REPORT, SITE, TEXT, pack
from nimnetcheck.bundle.pseudonyms import Pseudonyms
from nimnetcheck.bundle.redaction import Redaction
from nimnetcheck.report import render
from nimnetcheck.report.style import Style
from nimnetcheck.twin.capture import archive as capture_archive

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from nimnetcheck.model import Network, Observation
    from nimnetcheck.run import Run
    from nimnetcheck.twin.capture.parts import Facts
    from nimnetcheck.twin.capture.value import Source

WIDTH = 100


@attrs.frozen(kw_only=True)
class Material:
    """What a bundle is made of: a run and what was seen in it, the site's texts by name, its firewall's parts.

    `certificates` are PEM by SHA-256; what they say stands in the observations.
    """

    run: Run
    observations: tuple[Observation, ...]
    notes: tuple[str, ...] = ()
    texts: Mapping[str, str] = attrs.field(factory=dict, repr=False)
    firewall: Mapping[str, Source] = attrs.field(factory=dict)
    facts: Facts | None = None
    certificates: Mapping[str, str] = attrs.field(factory=dict)
    secrets: tuple[str, ...] = attrs.field(default=(), repr=False)


@attrs.frozen(kw_only=True)
class Made:
    """The bundle's bytes, and what its pseudonyms stand for, as JSON (empty where nothing was replaced)."""

    data: bytes = attrs.field(repr=False)
    names: str = attrs.field(default="", repr=False)


def unredacted(material: Material) -> Made:
    """The bundle with everything as it is: for a reader who may know it all."""
    return Made(data=pack(_files(material), {}, redacted=False))


def redacted(material: Material, key: bytes, keep: Iterable[Network]) -> Made:
    """The bundle without secrets and with pseudonyms made by this key; the networks to keep are everybody's."""
    host = material.run.host
    names = (host, host.partition(".")[0])
    redaction = Redaction(Pseudonyms(key, keep=keep), secrets=material.secrets, names=names)
    redaction.prepare([*material.texts.values(), *(source.text for source in material.firewall.values())])
    clean = Material(
        run=attrs.evolve(
            material.run,
            host=redaction.text(host),
            settings=tuple(attrs.evolve(one, value=redaction.text(one.value)) for one in material.run.settings),
        ),
        observations=tuple(redaction.observation(seen) for seen in material.observations),
        notes=tuple(map(redaction.text, material.notes)),
        texts={name: redaction.text(text) for name, text in material.texts.items()},
        firewall={
            name: attrs.evolve(source, text=redaction.rules(source.text)) for name, source in material.firewall.items()
        },
        certificates=_nobodys(material, redaction),
        facts=material.facts and attrs.evolve(material.facts, host=redaction.text(material.facts.host)),
    )
    data = pack(_files(clean), redaction.count, redacted=True)
    given = {"key": key.hex(), "names": redaction.pseudonyms.given}
    return Made(data=data, names=json.dumps(given, indent=2, ensure_ascii=False) + "\n")


def _nobodys(material: Material, redaction: Redaction) -> dict[str, str]:
    """The certificates that name nobody of the site's: one cannot be given another name and stay what it is."""
    said = {str(one["sha256"]): json.dumps(one, ensure_ascii=False) for one in collect.described(material.observations)}
    kept = {name: pem for name, pem in material.certificates.items() if name in said}
    kept = {name: pem for name, pem in kept.items() if redaction.text(said[name]) == said[name]}
    redaction.count["certificate"] += len(material.certificates) - len(kept)
    return kept


def _files(material: Material) -> dict[str, bytes]:
    report = material.run.report(material.observations, material.notes)
    files = {
        REPORT: render(report, "json", Style()).encode(),
        TEXT: render(report, "text", Style(width=WIDTH, verbose=1)).encode(),
        **{f"{CERTIFICATES}{name}.pem": pem.encode() for name, pem in material.certificates.items()},
        **{f"{SITE}{name}": text.encode("utf-8", "replace") for name, text in material.texts.items()},
    }
    if material.facts:
        files[FIREWALL] = capture_archive.pack(material.firewall, material.facts)
    return files
