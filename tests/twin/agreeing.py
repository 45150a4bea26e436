"""One ruleset, twice: judged by a twin, and by the oracle, which asks another copy with raw packets; JSON lines.

The process makes its namespaces anew for each line, and needs no root. No twin is given where none could be made, and
no oracle where the twin is asked `alone`.
"""

from __future__ import annotations

import json
import sys
from contextlib import suppress
from typing import Any

from nimnetcheck.errors import NotJudgedError
from nimnetcheck.twin import namespace, tools
from nimnetcheck.twin.capture.value import Capture, Save, Source, Variant
from nimnetcheck.twin.flow import Flow, parse
from nimnetcheck.twin.namespace import Sender, sides
from nimnetcheck.twin.twin import twin
from nimnetcheck.twin.wire import Question
from tests.kernel import oracle
from tests.kernel.child import WAY_OUT

SETS = "create bad hash:net family inet\nadd bad 192.0.2.2\nadd bad 198.51.100.0/28\n"
LOADERS = {
    "nft": ("nft", "-f", "-"),
    "iptables-nft": ("iptables-nft-restore",),
    "iptables-legacy": ("iptables-legacy-restore",),
}


def twins(kind: str, text: str, flows: list[Flow], sender: Sender) -> list[dict[str, Any]]:
    """What the twin says: verdict, and the line of the rule that it names."""
    source = Source(file="x", text=text)
    if kind == "nft":
        capture = Capture(nft=source)
    else:
        variant = Variant(kind.partition("-")[2])
        capture = Capture(saves=(Save(variant=variant, version=4, source=source),), ipset=Source(file="s", text=SETS))
    with twin(Question(capture=capture, flows=tuple(flows)), sender) as made:
        return [
            {
                "verdict": str(one.verdict),
                "line": one.rule.line if one.rule else None,
                "because": one.because,
                "rule": one.rule.text if one.rule else "",
            }
            for one in made.judge()
        ]


def oracles(kind: str, text: str, flows: list[Flow]) -> list[bool]:
    """Which first packets leave, by the raw packets of an independent copy."""
    with sides():
        made = tools.run(("sh", "-e"), WAY_OUT)
        if kind != "nft":
            tools.run(("ipset", "restore"), SETS)
        loaded = tools.run(LOADERS[kind], text)
        if made.is_refused or loaded.is_refused:
            raise SystemExit(f"the oracle's copy: {made.said}{loaded.said}\n{text}")
        left = {
            protocol: set(oracle.allowed(protocol, [(str(f.address), f.port) for f in flows if f.protocol == protocol]))
            for protocol in ("tcp", "udp")
        }
    return [(str(flow.address), flow.port) in left[flow.protocol] for flow in flows]


def main() -> None:
    """Answer each line."""
    sender = namespace.become_admin(0, 0, untrusted=True)
    for line in sys.stdin:
        asked = json.loads(line)
        flows = [parse(flow) for flow in asked["flows"]]
        answer: dict[str, Any] = {}
        with suppress(NotJudgedError):
            answer["twin"] = twins(asked["kind"], asked["text"], flows, sender)
        if not asked["alone"]:
            answer["oracle"] = oracles(asked["kind"], asked["text"], flows)
        print(json.dumps(answer), flush=True)  # noqa: T201 (the answer)


if __name__ == "__main__":
    main()
