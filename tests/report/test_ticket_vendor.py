"""F5 support's page: what is proven fine, what is not, what is not known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nimnetcheck.model import Failure, Rung
from nimnetcheck.report.sheet import markdown
from nimnetcheck.report.ticket_vendor import ticket
from tests.report.seen import climbed, looked_up, saw
from tests.report.seen import report as reported

if TYPE_CHECKING:
    from nimnetcheck.model import Report


def section(page: str, heading: str) -> str:
    """What stands under a heading."""
    return page.partition(f"## {heading}\n")[2].partition("\n## ")[0]


def test_each_thing_stands_in_its_part(report: Report) -> None:
    page = markdown(ticket(report))
    assert "| host " in section(page, "Proven fine")
    assert "telemetry-range" in section(page, "Proven fine")
    assert "telemetry-range" not in section(page, "Not fine")
    assert "Export" in section(page, "Proven fine")
    assert "usage" in section(page, "Not fine")
    assert "Batch" in section(page, "Not fine")
    assert "Second batch" in section(page, "Not tried, so not known")
    assert "Export" not in section(page, "Not fine")


def test_what_was_refused_is_shown_with_request_and_answer(report: Report) -> None:
    told = section(markdown(ticket(report)), "Request and answer: Batch")
    assert "POST https://product.connect.nginx.com/api/nginx-usage/batch\n413\n" in told


def test_a_verified_certificate_names_its_issuer() -> None:
    tls = saw(Rung.TLS, evidence={"verified": True, "chain": [{"issuer": "CN=Example CA"}]})
    page = markdown(ticket(reported([looked_up("a"), saw(Rung.TCP), tls, saw(Rung.HTTP, detail="401")])))
    assert "HTTP 401 (certificate verified, issued by CN=Example CA)" in section(page, "Proven fine")


def test_what_failed_is_never_among_what_is_fine() -> None:
    page = markdown(ticket(reported(climbed(Rung.TCP, Rung.TLS, until=Failure.TLS_UNTRUSTED))))
    assert section(page, "Proven fine") == ""
    assert "tls untrusted" in section(page, "Not fine")
    assert "`tls." in section(page, "What it amounts to")


def test_settings_are_shown_where_somebody_chose_them(report: Report) -> None:
    assert section(markdown(ticket(report)), "Settings that are not the default") == ""


def test_what_works_in_part_stands_in_both_parts() -> None:
    good = climbed(Rung.TCP, Rung.TLS, Rung.HTTP)
    bad = climbed(Rung.TCP, until=Failure.TCP_RESET, address="3.133.232.50")
    page = markdown(ticket(reported([*good, *bad])))
    assert "usage" in section(page, "Proven fine")
    assert "tcp reset" in section(page, "Not fine")
