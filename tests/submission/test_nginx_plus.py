"""NGINX Plus's reports, directly and through proxies, which see the name and nothing of what is inside."""

from __future__ import annotations

from nimnetcheck.model import Outcome
from nimnetcheck.submission import FLOWS
from nimnetcheck.submission.rehearsal import emulation

FLOW = FLOWS["nginx-plus"]


def test_five_reports_reach_f5_two_of_them_through_a_proxy_and_one_a_nim() -> None:
    with emulation(FLOW) as (vendor, site):
        seen = list(FLOW.run(site))
        places = [one.place for one in vendor.requests]
        assert vendor.proxy.asked == ["product.connect.nginx.com:443"]
        assert vendor.guarded_proxy.asked == ["product.connect.nginx.com:443"] * 2
        assert vendor.guarded_proxy.password not in repr(seen)
    assert {one.outcome for one in seen} == {Outcome.PASSED}
    assert [places.count("usage"), places.count("relay")] == [5, 1]


def test_the_licence_near_its_end_is_shown_with_its_days() -> None:
    with emulation(FLOW) as (_, site):
        seen = list(FLOW.run(site))
    response = seen[-1].evidence["response"]
    assert isinstance(response, dict)
    assert 18 <= response["days_left"] <= 20
