"""The network team's page: what to open, when it was seen, who said no, and how to check."""

from __future__ import annotations

from nimnetcheck.model import Failure, Rung
from nimnetcheck.report.sheet import markdown, text
from nimnetcheck.report.ticket_network import ticket
from tests.report.seen import HOST, climbed, looked_up, report, saw

TCP = Rung.TCP


def test_each_endpoint_is_one_row_of_the_request_with_source_name_addresses_and_port() -> None:
    evidence = {"source": "10.20.0.10:43512", "retransmits": 1}
    silent = saw(TCP, Failure.TCP_TIMEOUT, started_s=1.5, elapsed_s=2.0, evidence=evidence)
    other = saw(TCP, Failure.TCP_TIMEOUT, address="2600:1f16:19c8:d400::1", started_s=1.5)
    page = markdown(ticket(report([looked_up("a"), silent, other])))
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in page.splitlines() if line.startswith("| 1")]
    assert rows[0] == ["10.20.0.10", HOST, "3.135.72.139, 2600:1f16:19c8:d400::1", "443/tcp", "outbound"]
    assert rows[1] == [
        "12:00:01.500",
        "10.20.0.10:43512",
        "3.135.72.139",
        "443",
        "TCP",
        "no answer within 2.0 s; the SYN was sent 2 times",
    ]
    assert f"--resolve {HOST}:443:[2600:1f16:19c8:d400::1] https://{HOST}/" in page
    assert page.startswith(f"# nim-01 does not reach {HOST}\n")


def test_who_said_no_is_named_with_what_was_said() -> None:
    icmp = {"icmp": {"sender": "10.20.0.1", "type": 3, "code": 13}}
    page = text(ticket(report([saw(TCP, Failure.ADMIN_PROHIBITED, evidence=icmp)])))
    assert "10.20.0.1 (ICMP 3/13)" in page


def test_the_rule_is_quoted_and_the_walks_are_told() -> None:
    rule = {
        "firewall": "nftables",
        "family": "inet",
        "table": "f",
        "chain": "o",
        "number": 3,
        "text": "tcp dport 443 drop",
    }
    dropped = saw(Rung.PATH, Failure.BLOCKED_LOCALLY, address=None, evidence={"kernel": "drop", "rule": rule})
    hops = [{"limit": 1, "said": "passed on", "from": "10.20.0.1"}, {"limit": 2, "said": "silent", "from": None}]
    walk = saw(Rung.PATH, control=True, evidence={"changed": "hops", "hops": hops, "ended": "silent"})
    page = markdown(ticket(report([*climbed(TCP, until=Failure.TCP_TIMEOUT), dropped, walk])))
    assert "```\n# nftables inet f o, rule 3\ntcp dport 443 drop\n```" in page
    assert "| 10.20.0.1 → silent" in page


def test_what_works_from_the_same_host_is_said() -> None:
    good = [saw(rung, subject="teem", address="198.51.100.10") for rung in (TCP, Rung.TLS, Rung.HTTP)]
    page = markdown(ticket(report([*good, saw(TCP, Failure.NO_ROUTE)])))
    assert "- teem: IPv4 1 of 1 addresses proven" in page


def test_what_is_reached_all_the_same_is_not_heard() -> None:
    unheard, blocked = (
        saw(Rung.PATH, Failure.BLOCKED_LOCALLY, address=None, detail=leg, evidence={"kernel": "drop", "leg": leg})
        for leg in ("error", "request")
    )
    titles = [text(ticket(report(list(seen)))).splitlines()[0] for seen in ([unheard], [unheard, blocked])]
    assert [title.split()[3] for title in titles] == ["hear", "reach"]


def test_nothing_is_asked_for_where_nothing_failed_or_what_failed_counts_for_nothing() -> None:
    silent = [saw(TCP, Failure.TCP_TIMEOUT, address="159.60.126.1", host=None)]
    proven = [saw(rung, address="159.60.126.2", host=None) for rung in (TCP, Rung.TLS)]
    page = text(ticket(report([*silent, *proven])))
    assert page.startswith("nim-01: nothing to be changed on the way\n")
    assert "What is asked for" not in page


def test_a_run_that_probed_nothing_says_nothing_about_the_network() -> None:
    assert text(ticket(report([saw(Rung.SUBMIT, address=None)]))).startswith("nim-01: no way was looked at\n")


def test_it_stays_one_page_whatever_failed() -> None:
    many = [
        saw(TCP, Failure.TCP_TIMEOUT, address=f"192.0.2.{n}", host=f"h{n}.example", subject=f"s{n}") for n in range(99)
    ]
    page = text(ticket(report(many)))
    assert "And 75 more like these." in page
    assert page.splitlines()[0] == "nim-01 does not reach h0.example, h1.example, h2.example, 96 more"
