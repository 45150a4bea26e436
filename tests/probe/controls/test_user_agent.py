"""Filters that judge by User-Agent, either way round, each beside its look-alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs
import pytest

from nimnetcheck import probe
from nimnetcheck.model import Connector, Failure, Observation, Outcome, Rung
from nimnetcheck.probe.controls import look_closer
from nimnetcheck.probe.controls.user_agent import AGENTS, chosen
from tests.diagnosis.seen import seen

if TYPE_CHECKING:
    import socket

    from nimnetcheck.model import Endpoint
    from tests.probe.conftest import Bench

HOST = "usage.example"
ANSWER = "HTTP/1.1 {}\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{{}}"


def looked(bench: Bench, endpoint: Endpoint, refused: str, status: str = "403 Forbidden") -> list[Observation]:
    """What is seen where a filter refuses whatever names itself so; without a status it hangs up."""

    def handler(connection: socket.socket) -> None:
        request = data = connection.recv(65536)
        while data and b"\r\n\r\n" not in request:
            data = connection.recv(65536)
            request += data
        if refused.encode() not in request:
            connection.sendall(ANSWER.format("404 Not Found").encode())
        elif status:
            connection.sendall(ANSWER.format(status).encode())

    world = bench.world(bench.listen_tls(bench.authority.issue_cert(HOST), handler))
    tried = probe.run([endpoint], world)
    return [one for one in look_closer([endpoint], tried, world) if one.evidence["changed"] == "user-agent"]


@pytest.mark.parametrize(("status", "failure"), [("403 No", Failure.HTTP_STATUS), ("", Failure.HTTP_CLOSED)])
def test_a_product_is_refused_where_this_tool_is_not(
    bench: Bench, endpoint: Endpoint, status: str, failure: Failure
) -> None:
    (control,) = looked(bench, endpoint, "Go-http-client", status)
    assert control.failure is failure
    assert control.evidence["unchanged"] == "passed"


@pytest.mark.parametrize("status", ["403 No", ""])
def test_this_tool_is_refused_where_a_product_is_not(bench: Bench, endpoint: Endpoint, status: str) -> None:
    (control,) = looked(bench, endpoint, "nimnetcheck", status)
    assert control.outcome is Outcome.PASSED
    assert control.evidence["unchanged"] in ("http_status", "http_closed")


def test_who_refuses_everybody_does_not_judge_by_name(bench: Bench, endpoint: Endpoint) -> None:
    (control,) = looked(bench, endpoint, "User-Agent")
    assert control.failure is Failure.HTTP_STATUS
    assert "unchanged" not in control.evidence


@pytest.mark.parametrize(
    ("connects", "agents"),
    [
        ((Connector.NIM, Connector.NGINX_PLUS, Connector.UPLOAD_HOST), list(AGENTS.values())),
        ((Connector.NGINX_PLUS,), []),
    ],
)
def test_each_product_whose_name_is_known_is_tried(
    bench: Bench, endpoint: Endpoint, connects: tuple[Connector, ...], agents: list[str]
) -> None:
    controls = looked(bench, attrs.evolve(endpoint, connects=connects), "nobody")
    assert [one.evidence["user_agent"] for one in controls] == agents
    assert {one.outcome for one in controls} <= {Outcome.PASSED}


def test_a_good_answer_is_asked_for_again_before_a_refused_one() -> None:
    up = seen("usage", "192.0.2.2", None, Rung.PATH)
    refused = seen("usage", "192.0.2.1", Failure.HTTP_BLOCK_PAGE, Rung.HTTP)
    good = seen("usage", "192.0.2.2", None, Rung.HTTP, evidence={"status": 404})
    assert chosen([refused, good, up]) is good
    assert chosen([refused, good]) is refused
    assert chosen([good]) is None
