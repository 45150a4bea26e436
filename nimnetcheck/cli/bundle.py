"""`--bundle FILE`: what a run saw and stands on, as one file to hand on, and the map that stays here."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import TYPE_CHECKING

import attrs
import click

from nimnetcheck.catalogue import load
from nimnetcheck.cli.options import gathered
from nimnetcheck.cli.output import write_whole

if TYPE_CHECKING:
    from nimnetcheck.cli.selection import Selection
    from nimnetcheck.model import Report
    from nimnetcheck.run import Run

KEY_BYTES = 32


@attrs.frozen(kw_only=True)
class Bundling:
    """Whether a bundle is wanted, where, and with everything in it."""

    bundle_file: Path | None
    unredacted: bool

    def write(self, run: Run, report: Report, selection: Selection, **given: tuple[Path, ...]) -> None:
        """Write the bundle and, where names were replaced, their map beside it; says on stderr what was written.

        `given` are `licences`, whose text must not get out, and `logs`, which go in. Raises InputError.
        """
        if self.bundle_file is None:
            return
        from nimnetcheck.bundle import collect, make  # noqa: PLC0415 (only who wants a bundle waits for this)
        from nimnetcheck.twin.capture import live as capture_live  # noqa: PLC0415 (likewise)

        texts, problems = collect.texts(selection.facts, given.get("logs", ()))
        taken = capture_live.take()
        material = make.Material(
            run=attrs.evolve(run, duration_s=report.duration_s),
            observations=report.observations,
            notes=(*report.notes, *problems),
            texts=texts,
            firewall=taken.parts,
            facts=taken.facts,
            certificates=collect.certificates(report.observations),
            secrets=tuple(collect.secrets(selection.facts, *given.get("licences", ()))),
        )
        if self.unredacted:
            made = make.unredacted(material)
        else:
            keep = (
                network for endpoint in load().endpoints for network in endpoint.networks
            )  # ours: what F5 documents
            made = make.redacted(material, secrets.token_bytes(KEY_BYTES), keep)
        write_whole(self.bundle_file, made.data)
        said = f"nimnetcheck: {self.bundle_file} written"
        if made.names:
            names = self.bundle_file.with_name(f"{self.bundle_file.name}.names.json")
            write_whole(names, made.names)
            said += f"; {names} says what its pseudonyms stand for: keep it here"
        click.echo(said, err=True)


bundle_options = gathered(
    "bundling",
    Bundling,
    click.option(
        "bundle_file",
        "--bundle",
        type=click.Path(dir_okay=False, path_type=Path),
        metavar="FILE",
        help="Write a bundle to hand on: report, configuration, logs, firewall; without secrets, with pseudonyms.",
    ),
    click.option("unredacted", "--unredacted", is_flag=True, help="Leave names and secrets in the bundle."),
)
