"""The head of a rule file: what it opens, for whom, by which page, when it helps, and how to load and remove it.

Words of a catalogue reach a rule file only through here, as comments: one printable line each, or refused.
"""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

import attrs

from nimnetcheck.errors import InputError
from nimnetcheck.firewall.policy import Mode
from nimnetcheck.model import Direction

if TYPE_CHECKING:
    from collections.abc import Iterable

    from nimnetcheck.firewall.policy import Policy
    from nimnetcheck.model import Endpoint

WIDTH = 110


@attrs.frozen(kw_only=True)
class Guide:
    """What one backend adds to the head: when its mode helps, its commands, how a name's address is added, replies.

    `{set}` in `add_address` stands for the set that waits for it.
    """

    backend: str
    helps: str
    usage: tuple[tuple[str, str], ...]
    add_address: str
    replies: str = ""


def comment(lines: Iterable[str]) -> str:
    """The lines as `#` comments; raises InputError for one that is not a single line of printable text."""
    return "".join(f"# {line}".rstrip() + "\n" for line in map(printable, lines))


def printable(text: str) -> str:
    """The same text; raises InputError when it could end its line or steer a terminal."""
    if not text.isprintable():
        raise InputError(f"{text!r} is not one line of printable text: it cannot stand in a rule file")
    return text


def head(policy: Policy, guide: Guide) -> str:
    """The whole head as comment lines."""
    lines = [
        f"{policy.made_by}: egress rules for {guide.backend}, mode {policy.mode}",
        f"Made: {policy.made_at}",
        f"For: {', '.join(policy.profiles) or 'the endpoints below'}",
        "",
        *_opens(policy),
        *_not_opened(policy, guide),
        *_paragraph("When this helps", guide.helps),
        *_paragraph("Replies", guide.replies or _replies(policy)),
        *(f"{word + ':':<8} {command}" for word, command in guide.usage),
    ]
    return comment(lines)


def _opens(policy: Policy) -> list[str]:
    if policy.via_proxy:
        held = ", ".join(str(network) for one in policy.sets for network in one.networks)
        return [
            f"Opens, outbound: the forward proxy {policy.via_proxy} ({held}), and not the endpoints behind it.",
            *_wrapped(
                "NIM's telemetry data points (159.60.126.0/25) do not go through its proxy; they are not opened here.",
                indent="  ",
            ),
            "",
        ]
    if not policy.opened:
        return ["Opens: no endpoint.", ""]
    lines = ["Opens, outbound:"]
    for endpoint in policy.opened:
        lines += _endpoint(endpoint, policy)
    return [*lines, ""]


def _endpoint(endpoint: Endpoint, policy: Policy) -> list[str]:
    held = [str(network) for network in endpoint.networks]
    held += [str(address) for address in policy.resolved.get(endpoint.host or "", ()) if str(address) not in held]
    addresses = ", ".join(held) or "no address known yet"
    where = f"{endpoint.host} ({addresses})" if endpoint.host else addresses
    who = ", ".join(endpoint.connects)
    return [
        *_wrapped(f"{endpoint.id}: {where}, port {endpoint.port}/tcp", indent="  "),
        *_wrapped(f"{printable(endpoint.purpose)}. {printable(endpoint.versions)}. From: {who}.", indent="    "),
        f"    {endpoint.source}",
    ]


def _not_opened(policy: Policy, guide: Guide) -> list[str]:
    lines: list[str] = []
    patterns = [str(endpoint.host) for endpoint in policy.endpoints if endpoint.is_pattern]
    if patterns:
        why = "the names behind a pattern cannot be listed, and this traffic comes from a browser, not from this host"
        lines += _paragraph("Never opened", f"{', '.join(patterns)}: {why}.")
    if policy.unresolved:
        text = f"{', '.join(policy.unresolved)}: no addresses are published; these sets are empty until you fill them. "
        text += f"Add an address: {guide.add_address.format(set=policy.waiting[0])} "
        text += "Or make this file anew with --pin NAME=ADDRESS or --resolve live."
        lines += _paragraph("Not resolved", text)
    return lines


def _replies(policy: Policy) -> str:
    if policy.direction is Direction.BOTH:
        return "established and related packets are let in too; no listening port is opened."
    if policy.mode is Mode.LOCKDOWN:
        return "this file touches no input chain; where yours drops by default, make it with --direction both."
    return "admitted as your input chain does it; where that drops everything, make this file with --direction both."


def _paragraph(title: str, text: str) -> list[str]:
    return [*_wrapped(f"{title}: {printable(text)}", indent=""), ""]


def _wrapped(text: str, *, indent: str) -> list[str]:
    return textwrap.wrap(
        printable(text),
        WIDTH,
        initial_indent=indent,
        subsequent_indent=indent + ("" if indent else "  "),
        break_long_words=False,
        break_on_hyphens=False,
    )
