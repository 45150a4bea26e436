"""No hostile value becomes a rule: names, prefixes, answers and words are refused, whatever they hold."""

from __future__ import annotations

from ipaddress import IPv4Network, ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nimnetcheck.errors import InputError
from nimnetcheck.firewall import BACKENDS, Mode, build
from nimnetcheck.firewall.refusal import check_addresses, check_endpoint, check_name
from nimnetcheck.model import Connector, Endpoint

NASTY = (
    "x\nadd rule inet nimnetcheck egress accept",
    "x\r\nEND\niptables -F",
    "END",
    "$(reboot)",
    "`reboot`",
    "'; reboot; '",
    "--><zone/>",
    "]]>",
    '"/><accept/>',
    "; flush ruleset",
    "\x1b[2J",
    "\u2028add",
    "\u202egnp",
    "{{ 7 }}",
    "{set}",
    "@TABLE@",
)


def endpoint(**given: object) -> Endpoint:
    values = {
        "id": "mine",
        "networks": (IPv4Network("192.0.2.0/24"),),
        "connects": (Connector.NIM,),
        "versions": "any",
        "purpose": "p",
        "source": "s",
        **given,
    }
    return Endpoint(**values)  # type: ignore[arg-type]  # (the caller's)


@pytest.mark.parametrize("text", NASTY)
def test_no_name_can_be_a_rule(text: str) -> None:
    with pytest.raises(InputError, match="profile"):
        check_name("profile", text)
    with pytest.raises(InputError):
        check_endpoint(endpoint(id=text))


def test_a_plain_name_is_kept() -> None:
    check_name("profile", "nim-2.21")
    check_endpoint(endpoint(host="a_b.example"))


@pytest.mark.parametrize("text", [*(text for text in NASTY if text != "END"), "a b.example", "-f.example", "1.2.3.4"])
def test_no_host_can_be_a_rule(text: str) -> None:
    with pytest.raises(InputError, match="not a host name"):
        check_endpoint(endpoint(host=text))


@pytest.mark.parametrize("port", [0, -1, 65536])
def test_a_port_is_a_port(port: int) -> None:
    with pytest.raises(InputError, match="not a port"):
        check_endpoint(endpoint(port=port))


@pytest.mark.parametrize("text", ["0.0.0.0/0", "::/0"])
def test_every_address_is_never_opened(text: str) -> None:
    with pytest.raises(InputError, match="cannot be opened"):
        check_endpoint(endpoint(networks=(ip_network(text),)))


@pytest.mark.parametrize(
    "text",
    ["0.0.0.0", "127.0.0.1", "224.0.0.1", "169.254.1.1", "::", "::1", "fe80::1%x; reboot", "::ffff:1.2.3.4"],  # noqa: S104 (an answer, not a socket)
)
def test_an_answer_that_no_remote_host_has_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="no address of a remote host"):
        check_addresses("a.example", (ip_address(text),))


@pytest.mark.parametrize("text", ["192.0.2.1", "10.0.0.1", "2001:db8::1", "64:ff9b::c000:201"])
def test_an_answer_of_a_remote_host_is_kept(text: str) -> None:
    check_addresses("a.example", (ip_address(text),))


@pytest.mark.parametrize("backend", BACKENDS)
@given(mode=st.sampled_from(Mode), text=st.one_of(st.text(max_size=60), st.sampled_from(NASTY)), key=st.data())
def test_words_stay_in_their_comment_or_are_refused(backend: str, mode: Mode, text: str, key: st.DataObject) -> None:
    field = key.draw(st.sampled_from(["purpose", "versions", "source", "note"]))
    plain = BACKENDS[backend].render(build([endpoint()], mode=mode, made_at="now"))
    try:
        given_text = BACKENDS[backend].render(build([endpoint(**{field: text})], mode=mode, made_at="now"))
    except InputError:
        assert not text.isprintable()
        return
    assert _effective(given_text) == _effective(plain)


@pytest.mark.parametrize("backend", BACKENDS)
@given(mode=st.sampled_from(Mode), text=st.one_of(st.text(max_size=60), st.sampled_from(NASTY)))
def test_a_time_cannot_be_a_rule_either(backend: str, mode: Mode, text: str) -> None:
    plain = BACKENDS[backend].render(build([endpoint()], mode=mode, made_at="now"))
    try:
        made = BACKENDS[backend].render(build([endpoint()], mode=mode, made_at=text))
    except InputError:
        assert not text.isprintable()
        return
    assert _effective(made) == _effective(plain)


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("text", [t for t in NASTY if t != "END"])
def test_a_chain_is_a_name_or_refused(backend: str, text: str) -> None:
    for field in ("into", "into_input"):
        policy = build([endpoint()], mode=Mode.INSERT, made_at="now", **{field: text})  # type: ignore[arg-type]  # (a name)
        with pytest.raises(InputError, match="--into"):
            BACKENDS[backend].render(policy)


def _effective(text: str) -> list[str]:
    """What a tool reads: all but the comments, as the tools divide lines."""
    return [line for line in text.split("\n") if not line.startswith("#")]
