"""One page for the network team: what to open, what was seen and when, how far the packets get; pure."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from nimnetcheck.model import Failure, Outcome, Verdict
from nimnetcheck.report import days
from nimnetcheck.report.path_picture import blocking_rule
from nimnetcheck.report.sheet import Bullets, Code, Heading, Paragraph, Table
from nimnetcheck.report.troubles import ON_THE_WAY, troubles
from nimnetcheck.report.walks import SAME_WAY, walks

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from nimnetcheck.model import Observation, Report, Target
    from nimnetcheck.report.sheet import Block
    from nimnetcheck.report.troubles import Trouble

MANY_ROWS = 24
FEW = 3
HTTPS = 443


def ticket(report: Report) -> tuple[Block, ...]:
    """The page."""
    found = troubles(report)
    if not found:
        return (*_nothing(report), *_frame(report), *_working(report))
    return (
        _heading(report, found),
        *_frame(report),
        *_asked(report, found),
        Heading("What was seen"),
        Table(
            ("time (UTC)", "source", "destination", "port", "step", "result", "who said so", "last router"),
            tuple(_seen(report, each) for each in found[:MANY_ROWS]),
        ),
        *_more(found),
        *_rules(report),
        *_walks(report),
        *_working(report),
        Heading("How to check the change"),
        Code(_check(found)),
    )


def _heading(report: Report, found: Sequence[Trouble]) -> Block:
    """What is not reached; where all of it is, what this host does not hear."""
    unreached = [each for each in found if not each.unheard]
    names = ", ".join(_few(tuple(dict.fromkeys(each.name for each in unreached or found))))
    return Heading(f"{report.host} does not {'reach' if unreached else 'hear'} {names}")


def _nothing(report: Report) -> Iterator[Block]:
    """What to say where nothing broke; a run that probed nothing proves nothing."""
    if any(seen.rung in ON_THE_WAY and seen.outcome is not Outcome.SKIPPED for seen in report.observations):
        yield Heading(f"{report.host}: nothing to be changed on the way")
        yield Paragraph("Nothing on the way to any endpoint failed in this run, so no change is asked for.")
    else:
        yield Heading(f"{report.host}: no way was looked at")
        yield Paragraph("This run probed no endpoint, so it says nothing about the network.")


def _frame(report: Report) -> Iterator[Block]:
    yield Paragraph(
        f"Measured on {report.host}, {report.started_at:%Y-%m-%d %H:%M:%S} UTC, by `nimnetcheck {report.command}` "
        f"(run {report.run_id}). NGINX Plus stops processing traffic when its usage reports stop reaching F5."
    )
    if report.deadlines:
        yield Bullets(tuple(days.words(deadline) for deadline in report.deadlines))
    for note in report.notes:
        yield Paragraph(note)


def _asked(report: Report, found: Sequence[Trouble]) -> Iterator[Block]:
    """The change that is asked for; none where nothing was dialled, as in a verdict on this host's own rules."""
    rows = tuple(_request(report, found))
    if rows:
        yield Heading("What is asked for")
        yield Table(("from", "to (TLS name)", "addresses", "port", "direction"), rows)
        yield Paragraph(
            "Replies of established connections only; no listening port is to be opened. TLS must arrive unchanged: a "
            "device that opens it breaks the reports. Addresses of a name can move: allow the name where that is "
            "possible."
        )


def _request(report: Report, found: Sequence[Trouble]) -> Iterator[tuple[str, ...]]:
    """One row for each endpoint and port: what must be let through."""
    rows: dict[tuple[str, str], list[Trouble]] = {}
    for each in found:
        if each.first.target:
            rows.setdefault((each.first.subject, str(each.first.target.port)), []).append(each)
    for (_, port), group in rows.items():
        host = group[0].first.target.host if group[0].first.target else None
        sources = dict.fromkeys(source for each in group if (source := _source(each.first).rpartition(":")[0]))
        addresses = ", ".join(dict.fromkeys(each.destination for each in group))
        yield (", ".join(sources) or report.host, host or "", addresses, f"{port}/tcp", "outbound")


def _few(names: tuple[str, ...]) -> tuple[str, ...]:
    return (*names[:FEW], f"{len(names) - FEW} more") if len(names) > FEW else names


def _seen(report: Report, each: Trouble) -> tuple[str, ...]:
    first = each.first
    when = report.started_at + timedelta(seconds=first.started_s)
    return (
        f"{when:%H:%M:%S}.{when.microsecond // 1000:03}",
        _source(first),
        each.destination,
        str(first.target.port) if first.target else "",
        first.title if first.target is None else str(first.rung).upper(),
        _result(first),
        _sender(first),
        _last_router(report, each),
    )


def _last_router(report: Report, each: Trouble) -> str:
    """The farthest router that passed packets on to one of these addresses, where there was a walk."""
    targets = {seen.target for seen in each.all if seen.target}
    walked = (walk for walk in walks(report.observations) if walk.changed == SAME_WAY and walk.target in targets)
    return next((walk.last_router for walk in walked), "")


def _result(seen: Observation) -> str:
    again = seen.evidence.get("retransmits")
    if seen.failure is Failure.TCP_TIMEOUT and isinstance(again, int):
        sent = f"the SYN was sent {again + 1} times" if again else "the SYN was sent once"
        return f"no answer within {seen.elapsed_s:.1f} s; {sent}"
    failure = str(seen.failure).replace("_", " ")
    return f"{failure}: {seen.detail}" if seen.detail else failure


def _source(seen: Observation) -> str:
    return str(seen.evidence.get("source") or "")


def _sender(seen: Observation) -> str:
    icmp = seen.evidence.get("icmp")
    if not isinstance(icmp, dict):
        return str(seen.evidence.get("resolver") or "")
    return f"{icmp.get('sender') or 'unnamed'} (ICMP {icmp.get('type')}/{icmp.get('code')})"


def _more(found: Sequence[Trouble]) -> Iterator[Block]:
    if len(found) > MANY_ROWS:
        yield Paragraph(f"And {len(found) - MANY_ROWS} more like these.")


def _rules(report: Report) -> Iterator[Block]:
    texts = dict.fromkeys(text for seen in report.observations if (text := blocking_rule([seen])))
    if texts:
        yield Heading("The rule that stops it")
        yield Code("\n\n".join(texts))


def _walks(report: Report) -> Iterator[Block]:
    """How far packets got, each walk with the one thing that was changed."""
    found = walks(report.observations)
    if found:
        rows = tuple((walk.title, " → ".join(walk.words), walk.ended) for walk in found[:MANY_ROWS])
        yield Heading("How far the packets get")
        yield Table(("walk", "routers, nearest first", "ended"), rows)


def _working(report: Report) -> Iterator[Block]:
    """What the same host reached at the same time: the look-alikes that it is not."""
    probed = {o.subject for o in report.observations if o.target and o.outcome is Outcome.PASSED and not o.control}
    good = [j for j in report.judgements if j.verdict is Verdict.PASS and j.subject in probed]
    if good:
        yield Heading("What works from the same host")
        yield Bullets(tuple(f"{judgement.subject}: {judgement.summary}" for judgement in good))


def _literal(target: Target) -> str:
    return str(target).rpartition(":")[0]


def _url(target: Target) -> str:
    port = "" if target.port == HTTPS else f":{target.port}"
    return f"https://{target.host}{port}/"


def _check(found: Sequence[Trouble]) -> str:
    subjects = dict.fromkeys(each.first.subject for each in found if not each.judged)
    lines = [f"nimnetcheck probe {' '.join(subjects)}"] if subjects else []
    lines += ["nimnetcheck trace"] if any(each.judged for each in found) else []
    for each in found:
        target = each.first.target
        if target and target.host:
            pin = f"{target.host}:{target.port}:{_literal(target)}"
            lines.append(f"curl -sv -o /dev/null --resolve {pin} {_url(target)}")
    return "\n".join(lines[:MANY_ROWS])
