"""What a hang says behind a connection that came up, each meaning beside its look-alike."""

from __future__ import annotations

import pytest

from nimnetcheck.diagnosis.conditions import flows
from nimnetcheck.model import Failure, Observation, Rung
from tests.diagnosis.conditions.looked import AT, context, sized, walked
from tests.diagnosis.seen import seen


def hung(failure: Failure = Failure.TLS_TIMEOUT, *, unacked: int = 0, received: int = 0) -> Observation:
    evidence = {"unacked": unacked, "bytes_received": received, "bytes_acked": 518}
    return seen("usage", AT, failure, Rung.TLS, evidence=evidence)


CONDITIONS = (flows.lost_inwards, flows.lost_outwards, flows.cut, flows.stalled)


@pytest.mark.parametrize(
    ("unacked", "cured", "applies"),
    [
        (0, True, flows.lost_inwards),
        (3, True, flows.lost_outwards),
        (3, False, flows.cut),
        (0, False, flows.stalled),
    ],
)
def test_what_was_counted_and_what_smaller_segments_change_tell_four_hangs_apart(
    unacked: int, *, cured: bool, applies: object
) -> None:
    one = hung(unacked=unacked)
    controls = [sized(None if cured else Failure.TLS_TIMEOUT, size) for size in (1000, 500)]
    assert [found for found in CONDITIONS if found(one, context(one, *controls))] == [applies]
    assert [found for found in CONDITIONS if found(one, context(one))] == []  # without a second try nothing is said


def test_a_link_that_only_the_smallest_segments_get_through_counts() -> None:
    one = hung()
    assert flows.lost_inwards(one, context(one, sized(Failure.TLS_TIMEOUT, 1000), sized(None, 500)))


def test_a_filter_by_name_is_no_stalled_server() -> None:
    one, silent = hung(), sized(Failure.TLS_TIMEOUT, 1000)
    other_name = seen("usage", AT, None, Rung.TLS, changed="server-name")
    assert flows.stalled(one, context(one, silent))
    assert not flows.stalled(one, context(one, silent, other_name))


def test_somebody_near_takes_the_connection() -> None:
    one = hung(Failure.TLS_CLOSED)
    assert flows.near(one, context(one, walked("connected", 1)))
    assert flows.near(one, context(one, walked("connected", 2), walked("silent", 4, "port")))
    assert not flows.near(one, context(one, walked("connected", 3), walked("refused", 3, "port")))
    assert not flows.near(one, context(one, walked("connected", 3)))
    assert not flows.near(one, context(one))
    next_door = seen("usage", "10.1.2.3", Failure.TLS_CLOSED, Rung.TLS)
    walk = seen("usage", "10.1.2.3", changed="hops", evidence=dict(walked("connected", 1).evidence))
    assert not flows.near(next_door, context(next_door, walk))


def test_everything_is_accepted_only_if_others_are_too() -> None:
    one = hung(Failure.TLS_CLOSED)
    plain, port = walked("connected", 1), walked("connected", 1, "port")
    assert flows.everywhere(one, context(one, plain, port, walked("connected", 1, "host")))
    assert not flows.everywhere(one, context(one, plain, port, walked("silent", 3, "host")))
    assert not flows.everywhere(one, context(one, plain, port))


def test_the_numbers_are_told() -> None:
    one = hung(unacked=3)
    assert flows.sizes(one, context(one, sized(None, 1000))) == (
        "bytes acked 518, bytes received 0, unacked 3, in segments of 1000: passed"
    )
    assert flows.hop(one, context(one, walked("connected", 1))) == "packets to port 443 are connected at hop 1"
