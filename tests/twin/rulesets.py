"""Random rulesets of nft and iptables, and the flows that tell them apart."""

from __future__ import annotations

from hypothesis import strategies as st

V4 = ("192.0.2.1", "192.0.2.2", "192.0.2.130", "198.51.100.7")
V6 = ("2001:db8::1", "2001:db8::2", "2001:db8:1::1")
PORTS = (443, 53, 8443)
FLOWS = tuple(
    f"{protocol}:{f'[{address}]' if ':' in address else address}:{port}"
    for address in (*V4, *V6)
    for protocol in ("tcp", "udp")
    for port in PORTS
)
NETWORKS_4 = ("192.0.2.1", "192.0.2.0/25", "192.0.2.128/25", "192.0.2.0/24", "198.51.100.0/24", "0.0.0.0/1")
NETWORKS_6 = ("2001:db8::1", "2001:db8::/64", "2001:db8::/32")
USER_CHAINS = ("a", "b", "c")
# A connection that is begun may go on: the oracle asks about the first packet, and the twin about all of it.
GO_ON = "ct state established,related accept"

_port = st.one_of(
    st.sampled_from(("tcp dport 443", "udp dport 53", "meta l4proto udp", "meta l4proto tcp", "")),
    st.sampled_from(("tcp dport { 443, 8443 }", "th dport 53-443", "udp dport != 53", "tcp dport >= 444")),
)
_to = st.one_of(
    st.sampled_from(NETWORKS_4).map(lambda network: f"ip daddr {network}"),
    st.sampled_from(NETWORKS_6).map(lambda network: f"ip6 daddr {network}"),
    st.sampled_from(
        ("ip daddr @bad", "ip daddr != @bad", "ip6 daddr @bad6", 'oifname "eth0"', "meta nfproto ipv6", "")
    ),
    st.sampled_from(("ip daddr { 192.0.2.2, 192.0.2.128-192.0.2.255 }", "ct state new", "ip daddr != 192.0.2.0/24")),
)
_ends = ("accept", "drop", "reject", "reject with icmpx admin-prohibited", "counter", "return")


def _jumps(below: int) -> tuple[str, ...]:
    """Jumps to later chains only, so that there are no loops."""
    return tuple(f"{verb} {chain}" for chain in USER_CHAINS[below:] for verb in ("jump", "goto"))


def _nft_rule(below: int) -> st.SearchStrategy[str]:
    ends = st.sampled_from((*_ends, *_jumps(below)))
    plain = st.tuples(_to, _port, ends).map(" ".join)
    first, second = ("drop", f"jump {USER_CHAINS[below]}") if below < len(USER_CHAINS) else ("drop", "accept")
    maps = (
        f"tcp dport vmap {{ 443 : {first}, 8443 : {second} }}",
        f"ip daddr vmap {{ 192.0.2.0/25 : {second}, 198.51.100.7 : {first} }}",
        f"ip daddr . tcp dport vmap {{ 192.0.2.1 . 443 : {first}, 192.0.2.2 . 443 : accept }}",
    )
    return st.one_of(plain, plain, plain, st.sampled_from(maps))


@st.composite
def nft(draw: st.DrawFn) -> str:
    """A ruleset of nft: user chains three deep, sets, verdict maps, base chains at several hooks and priorities."""
    family = draw(st.sampled_from(("inet", "inet", "inet", "ip", "ip6")))
    if family != "inet":
        return _table(draw, family, "site") + _table(draw, "inet", "other")
    return _table(draw, "inet", "site") + (_table(draw, "inet", "other") if draw(st.booleans()) else "")


def _table(draw: st.DrawFn, family: str, name: str) -> str:
    others = {"ip": ("ip6", "icmpx", "nfproto"), "ip6": ("ip daddr", "icmpx", "nfproto")}.get(family, ())

    def fits(rule: str) -> bool:
        return not any(word in rule for word in others)

    lines = [f"table {family} {name} {{"]
    lines += [" set bad { type ipv4_addr; flags interval; elements = { 192.0.2.2, 198.51.100.0/28 }; }"]
    lines += [" set bad6 { type ipv6_addr; elements = { 2001:db8::2 }; }"]
    for below, chain in reversed(list(enumerate(USER_CHAINS, 1))):
        rules = [rule for rule in draw(st.lists(_nft_rule(below), max_size=4)) if fits(rule)]
        lines += [f" chain {chain} {{", *(f"  {rule}" for rule in rules), " }"]
    hooks = draw(st.lists(st.sampled_from(("output", "output", "postrouting")), min_size=1, max_size=3))
    for at, hook in enumerate(hooks):
        priority, policy = draw(st.sampled_from((-150, -10, 0, 0, 10))), draw(st.sampled_from(("accept", "drop")))
        rules = [rule for rule in draw(st.lists(_nft_rule(0), max_size=6)) if fits(rule) and _can(hook, rule)]
        head = f"  type filter hook {hook} priority {priority}; policy {policy};"
        lines += [f" chain base{at} {{", head, f"  {GO_ON}", *(f"  {rule}" for rule in rules), " }"]
    return "\n".join((*lines, "}")) + "\n"


def _can(hook: str, rule: str) -> bool:
    """`reject` is for chains that output leads to, and jumps may lead to one."""
    return hook == "output" or not any(word in rule for word in ("reject", "jump", "goto"))


_match = st.sampled_from(
    (
        "",
        "-p tcp",
        "-p tcp -m tcp --dport 443",
        "-p udp -m udp --dport 53",
        "-p tcp -m multiport --dports 443,8443",
        "-p udp -m udp ! --dport 53",
        "-o eth0",
        "-m conntrack --ctstate NEW",
        "-m set --match-set bad dst",
        "-m set ! --match-set bad dst",
    )
)
_dest = st.one_of(
    st.just(""), st.sampled_from(NETWORKS_4).map(lambda network: f"-d {network}"), st.just("! -d 192.0.2.0/24")
)


def _ipt_rule(chain: str, below: int) -> st.SearchStrategy[str]:
    jumps = tuple(f"-{letter} {name}" for name in USER_CHAINS[below:] for letter in "jg")
    ends = ("-j ACCEPT", "-j DROP", "-j REJECT --reject-with icmp-port-unreachable", "-j RETURN")
    fits = st.sampled_from((*ends, *jumps))
    return st.tuples(_dest, _match, fits).map(lambda parts: " ".join(("-A", chain, *filter(None, parts))))


@st.composite
def iptables(draw: st.DrawFn) -> str:
    """A save of iptables: filter with user chains three deep, and sometimes raw and mangle that drop."""
    lines = ["*filter", f":OUTPUT {draw(st.sampled_from(('ACCEPT', 'DROP')))} [0:0]"]
    lines += [f":{chain} - [0:0]" for chain in USER_CHAINS]
    lines += ["-A OUTPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT"]
    for chain, below in (("OUTPUT", 0), *((chain, at) for at, chain in enumerate(USER_CHAINS, 1))):
        lines += draw(st.lists(_ipt_rule(chain, below), max_size=5))
    lines.append("COMMIT")
    for table in draw(st.sets(st.sampled_from(("raw", "mangle")))):
        where = draw(st.sampled_from(NETWORKS_4))
        lines += [f"*{table}", ":OUTPUT ACCEPT [0:0]", f"-A OUTPUT -d {where} -p udp -j DROP", "COMMIT"]
    return "\n".join(lines) + "\n"


@st.composite
def spoilt(draw: st.DrawFn, text: str, number: int) -> str:
    """The text with a rule or policy in it that no kernel takes; of nft with some lines drawn together."""
    lines = text.split("\n")
    at = number - 1
    if "type filter" in lines[at]:
        lines[at] = lines[at].replace("hook ", "hook no")
    elif lines[at].startswith(":"):
        lines[at] = lines[at].replace(" DROP", " NOWHERE")
    elif lines[at].startswith("-A"):
        lines[at] += " -m nosuchmatch"
    else:
        lines[at] = "  no such words"
    if not text.startswith("table "):
        return "\n".join(lines)
    ends = ("\n", " ") if draw(st.booleans()) else ("\n",)
    return "".join(_ended(line, draw(st.sampled_from(ends))) for line in lines if line)


def _ended(line: str, end: str) -> str:
    return f"{line}\n" if end == "\n" else f"{line.strip()}{' ' if line.endswith('{') else '; '}"
