"""`nimnetcheck targets`: the catalogue as a table or JSON."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

from tabulate import tabulate

from nimnetcheck.cli.options import command as define
from nimnetcheck.cli.options import output_options
from nimnetcheck.cli.output import deliver, style
from nimnetcheck.cli.selection import selection_options
from nimnetcheck.report.json import dumps, envelope

if TYPE_CHECKING:
    from nimnetcheck.cli.options import Output
    from nimnetcheck.cli.selection import Selection
    from nimnetcheck.model import DataPoint, Endpoint
    from nimnetcheck.report.style import Style


@define()
@selection_options
@output_options
def command(selection: Selection, output: Output) -> None:
    """What must be reachable, for which product version, and which page says so."""
    endpoints, catalogue = selection.endpoints, selection.catalogue
    points = catalogue.data_points if any(endpoint.id == "telemetry-range" for endpoint in endpoints) else ()
    if output.form == "json":
        document = envelope(
            command="targets",
            profiles=[
                {"id": p.id, "title": p.title, "endpoints": list(p.endpoints), "note": p.note}
                for p in (catalogue.profile(profile_id) for profile_id in selection.profiles)
            ],
            endpoints=[_endpoint(endpoint) for endpoint in endpoints],
            data_points=[
                {"name": p.name, "description": p.description, "trigger": p.trigger, "source": p.source} for p in points
            ],
        )
        deliver(dumps(document), output)
        return
    deliver(_text(endpoints, points, style(output)), output)


def _endpoint(endpoint: Endpoint) -> dict[str, Any]:
    return {
        "id": endpoint.id,
        "host": endpoint.host,
        "networks": [str(network) for network in endpoint.networks],
        "port": endpoint.port,
        "path": endpoint.path,
        "connects": [str(connector) for connector in endpoint.connects],
        "versions": endpoint.versions,
        "purpose": endpoint.purpose,
        "direction": str(endpoint.direction),
        "required": endpoint.required,
        "source": endpoint.source,
        "note": endpoint.note,
    }


def _text(endpoints: tuple[Endpoint, ...], points: tuple[DataPoint, ...], look: Style) -> str:
    rows = [
        (
            endpoint.id,
            "\n".join([*([endpoint.host] if endpoint.host else []), *map(str, endpoint.networks)]),
            f"{endpoint.port}/tcp",
            "\n".join(endpoint.connects),
            "yes" if endpoint.required else "no",
        )
        for endpoint in endpoints
    ]
    lines = [tabulate(rows, ("endpoint", "host, addresses", "port", "who connects", "required"), tablefmt="simple"), ""]
    for endpoint in endpoints:
        lines.append(look.strong(endpoint.id))
        for words in (f"{endpoint.purpose}. {endpoint.versions}.", endpoint.note, endpoint.source):
            lines += textwrap.wrap(
                words, look.columns, initial_indent="  ", subsequent_indent="  ", break_on_hyphens=False
            )
    if points:
        lines += ["", look.strong("Telemetry data points (NIM to telemetry-range)"), ""]
        lines.append(tabulate([(p.name, p.trigger) for p in points], ("data point", "trigger"), tablefmt="simple"))
    return look.safe("\n".join(lines)) + "\n" if not look.color else "\n".join(lines) + "\n"
