"""`python -m tests.lab`: list the scenarios, stand in one of them, or write down what they show.

It starts itself anew inside a user, network, mount and process namespace, in which it is root over nothing but its own
network; whatever it starts ends with it.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.lab import network
from tests.lab.lab import Lab
from tests.lab.scenarios import SCENARIOS

HINT = """
You are the client {client} in the scenario {name}: {shows}.
Expected: {expected}
  nimnetcheck {arguments}
Other namespaces: ip netns exec {others} COMMAND
Leave with exit; everything ends with this shell.
"""


def main(arguments: list[str]) -> int:
    """What `make lab` does: with a name a shell in that scenario, without one the list."""
    if not arguments:
        for scenario in SCENARIOS.values():
            print(f"{scenario.name:32}  {scenario.shows}")  # noqa: T201 (a list for a person)
        return 0
    action, name, *times = arguments
    scenario = SCENARIOS[name]
    with tempfile.TemporaryDirectory(prefix="lab-") as folder:
        lab = Lab(Path(folder))
        network.build()
        scenario.stage(lab)
        if action == "shell":
            return _shell(lab, name)
        command = [*scenario.arguments, "--output", "json"]
        ended = [lab.client(command, scenario.environment, as_root=scenario.as_root) for _ in range(int(*times))]
        json.dump(
            [{"exit_code": done.returncode, "stdout": done.stdout, "stderr": done.stderr} for done in ended], sys.stdout
        )
    return 0


def _shell(lab: Lab, name: str) -> int:
    scenario = SCENARIOS[name]
    print(  # noqa: T201 (for the person in the shell)
        HINT.format(
            client=network.CLIENT,
            name=name,
            shows=scenario.shows,
            expected=", ".join(scenario.expected) or "nothing",
            arguments=" ".join(scenario.arguments),
            others="|".join(network.NAMESPACES[1:]),
        )
    )
    environment = {**lab.environment, "PS1": f"lab {name}$ "}
    return subprocess.run(["bash", "--norc"], check=False, env=environment).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
