"""A site's names and addresses go, the vendor's and everybody's stay, and what was seen means the same afterwards."""

from __future__ import annotations

from ipaddress import ip_address, ip_network

import pytest

from nimnetcheck.bundle.pseudonyms import Pseudonyms
from nimnetcheck.bundle.redaction import Redaction
from nimnetcheck.model import Failure, Observation, Outcome, Rung, Target

VENDOR = ip_network("159.60.126.0/25")


def made(*names: str, secrets: tuple[str, ...] = ()) -> Redaction:
    return Redaction(Pseudonyms(b"k" * 32, keep=[VENDOR]), names=names, secrets=secrets)


@pytest.mark.parametrize(
    "own",
    [
        "10.1.2.3",
        "fd00:20::10",
        "nim01.corp.bank.de",
        "NIM01",
        "jane.doe@bank.de",
        "aa:bb:cc:dd:ee:0f",
        "8.8.4.4",
        "bank.info",
    ],
)
@pytest.mark.parametrize("frame", ["{}", "to {}.", "[{}]", "x={},y", '"{}"', "({})"])
def test_what_names_the_site_goes(own: str, frame: str) -> None:
    redaction = made("nim01")
    left = redaction.text(frame.format(own))
    assert own.lower() not in left.lower()
    assert own.lower() in {given.lower() for given in redaction.pseudonyms.given.values()}


@pytest.mark.parametrize(
    "text",
    [
        "product.apis.f5.com",
        "159.60.126.77:443",
        "159.60.126.0/25",
        "127.0.0.1",
        "/etc/nms/nms.conf",
        "license.jwt",
        "at 12:34:56",
        "NIM 2.21.0, R33",
        "255.255.255.0",
        "ff02::1",
        "urn:f5:teem",
    ],
)
def test_what_is_everybodys_stays(text: str) -> None:
    assert made("nim01").text(text) == text


def test_networks_hold_their_addresses_still() -> None:
    network, inside, outside = made().text("10.1.0.0/16 10.1.2.3 10.2.2.3").split()
    assert network != "10.1.0.0/16"
    assert ip_address(inside) in ip_network(network)
    assert ip_address(outside) not in ip_network(network)


def test_a_known_secret_goes_wherever_it_stands() -> None:
    assert made(secrets=("hunter2",)).text("I said hunter2!") == "I said [removed]!"


def test_a_ruleset_keeps_its_names_and_loses_its_comments_secrets() -> None:
    text = 'table inet nim01 { chain o { ip daddr 10.1.2.3 accept comment "for nim01.bank.de, password: x" } }'
    left = made("nim01").rules(text)
    assert left.startswith("table inet nim01 { chain o { ip daddr 10.")
    assert left.endswith('" } }')
    assert not [word for word in ("10.1.2.3", "bank.de", "password: x") if word in left]


def test_an_observation_is_redacted_in_every_field() -> None:
    seen = Observation(
        subject="nim01.bank.de",
        rung=Rung.TCP,
        title="TCP 10.1.2.3:443",
        outcome=Outcome.FAILED,
        failure=Failure.TCP_REFUSED,
        because="10.1.2.3",
        detail="no answer from 10.1.2.3",
        target=Target(address=ip_address("10.1.2.3"), port=443, host="nim01.bank.de", dial=(ip_address("10.1.2.3"), 4)),
        evidence={"icmp": {"sender": "10.1.2.3"}, "names": ["nim01.bank.de"], "password": "x", "errno": 111},
    )
    left = made().observation(seen)
    assert not [word for word in ("10.1.2.3", "bank.de", "'x'") if word in repr(left)]
    assert (left.rung, left.outcome, left.failure) == (seen.rung, seen.outcome, seen.failure)
    assert left.target is not None
    assert left.evidence["icmp"] == {"sender": str(left.target.address)}
    assert left.evidence["errno"] == 111
