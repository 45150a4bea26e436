"""The table of what is sent again, and when; every failure has its place in it."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nimnetcheck.model import Failure
from nimnetcheck.submission.messages import Answer, Trouble
from nimnetcheck.submission.retries import FAILURES, Again, Patience, Spent, decide

NOW = datetime(2026, 11, 25, 12, 0, 0, tzinfo=timezone.utc)
FIRST = Spent(attempts=1, seconds=0.0)
NEVER = frozenset(  # whatever no second try changes: our own request, a credential, something on the way
    {
        Failure.DNS_NXDOMAIN,
        Failure.HTTP_BLOCK_PAGE,
        Failure.HTTP_NOT_HTTP,
        Failure.HTTP_REDIRECT_OFF_SITE,
        Failure.PROXY_AUTH_REQUIRED,
        Failure.SUBMIT_REFUSED,
        Failure.SUBMIT_UNAUTHORIZED,
        Failure.TLS_EXPIRED,
        Failure.TLS_UNTRUSTED,
        Failure.TLS_WRONG_HOST,
        Failure.UNKNOWN,
    }
)


def answer(status: int, **headers: str) -> Answer:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(status=status, headers=named, body=b"", elapsed_s=0.0, sent=0, received=0)


def after(outcome: Answer | Trouble, spent: Spent = FIRST, jitter: float = 1.0) -> Again:
    return decide(outcome, spent, Patience(), now=NOW, jitter=jitter)


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_a_server_that_is_busy_or_down_is_asked_again(status: int) -> None:
    assert after(answer(status)).wait_s == 1.0


@pytest.mark.parametrize("status", [200, 201, 202, 204, 301, 302, 400, 401, 403, 404, 409, 413, 415, 501, 505])
def test_an_answer_that_stands_is_not_asked_for_again(status: int) -> None:
    assert after(answer(status)).wait_s is None


@pytest.mark.parametrize("failure", Failure)
def test_only_trouble_that_passes_by_itself_is_tried_again(failure: Failure) -> None:
    again = after(Trouble(failure=failure, detail="")).wait_s is not None
    assert again == (failure in FAILURES)
    assert not (again and failure in NEVER)


def test_what_was_taken_is_not_sent_again_though_its_answer_broke_off() -> None:
    cut = Trouble(failure=Failure.HTTP_CLOSED, detail="", sent=True, whole=True, status=202)
    refused = Trouble(failure=Failure.HTTP_CLOSED, detail="", sent=True, whole=True, status=503)
    assert (after(cut).wait_s, after(refused).wait_s) == (None, 1.0)


def test_waits_double_up_to_the_longest_and_end_with_the_fifth_attempt() -> None:
    waits = [after(answer(503), Spent(attempts=attempt, seconds=0.0)).wait_s for attempt in range(1, 6)]
    assert waits == [1.0, 2.0, 4.0, 8.0, None]
    patience = Patience(attempts=20)
    late = decide(answer(503), Spent(attempts=12, seconds=0.0), patience, now=NOW, jitter=1.0)
    assert late.wait_s == patience.longest_s


def test_jitter_spreads_clients_between_half_a_wait_and_all_of_it() -> None:
    assert [after(answer(503), jitter=jitter).wait_s for jitter in (0.0, 0.5, 1.0)] == [0.5, 0.75, 1.0]


@pytest.mark.parametrize(
    ("headers", "wait_s"),
    [
        ({"retry_after": "7"}, 7.0),
        ({"retry_after": " 7 "}, 7.0),
        ({"retry_after": "0"}, 1.0),
        ({"retry_after": "Wed, 25 Nov 2026 12:00:09 GMT"}, 9.0),
        ({"retry_after": "Wed, 25 Nov 2026 11:00:00 GMT"}, 1.0),
        ({"retry_after": "soon"}, 1.0),
        ({"retry_after": "-7"}, 1.0),
        ({"retry_after": "7.5"}, 1.0),
        ({"retry_after": "\u0667"}, 1.0),
        ({"retry_after": "Wed, 99 Nov 2026 12:00:09 GMT"}, 1.0),
    ],
)
def test_retry_after_is_honoured_in_both_its_forms(headers: dict[str, str], wait_s: float) -> None:
    assert after(answer(429, **headers)).wait_s == wait_s


def test_a_date_is_read_by_the_clock_of_the_server_that_wrote_it() -> None:
    wrong = {"retry_after": "Thu, 01 Jan 1970 00:00:30 GMT", "date": "Thu, 01 Jan 1970 00:00:10 GMT"}
    assert after(answer(503, **wrong)).wait_s == 20.0


def test_a_server_that_asks_for_too_long_is_left_alone_and_not_asked_earlier() -> None:
    again = after(answer(429, retry_after="301"))
    assert again.wait_s is None
    assert "come back in 301 s" in again.because


def test_the_total_is_kept() -> None:
    assert after(answer(503), Spent(attempts=1, seconds=899.0)).wait_s == 1.0
    assert after(answer(503), Spent(attempts=1, seconds=899.1)).wait_s is None


@given(retry_after=st.text(), date=st.text(), attempts=st.integers(1, 5), jitter=st.floats(0, 1))
def test_whatever_a_server_says_the_wait_is_bounded(retry_after: str, date: str, attempts: int, jitter: float) -> None:
    said = answer(503, retry_after=retry_after, date=date)
    wait_s = after(said, Spent(attempts=attempts, seconds=0.0), jitter).wait_s
    assert wait_s is None or 0.5 <= wait_s <= Patience().asked_s
