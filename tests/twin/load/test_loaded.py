"""Several parts of a capture as one."""

from __future__ import annotations

from nimnetcheck.twin.answer import Firewall, LeftOut
from nimnetcheck.twin.load.loaded import Loaded, Written, together


def test_chains_stand_one_after_the_other_and_the_first_doubt_stays() -> None:
    chain = ("inet", "t", "c")
    one, two = (Written(firewall=Firewall.NFTABLES, number=n, text="", file="", line=n) for n in (1, 2))
    lost = LeftOut(what="x", because="y")
    whole = together([Loaded(chains={chain: (one,)}), Loaded(chains={chain: (two,)}, left_out=(lost,), doubt="why")])
    assert (whole.chains[chain], whole.left_out, whole.doubt) == ((one, two), (lost,), "why")
    assert together([]) == Loaded()
