"""Answers are judged by what is documented of them, and by nothing else."""

from __future__ import annotations

import io
import json
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nimnetcheck.model import Failure
from nimnetcheck.submission import answers
from nimnetcheck.submission.messages import Answer

URL = "https://product.apis.f5.com/ee/v1/x"
ID = "2214e480-3401-43a3-a54c-9dc501a01f83"


def answer(status: int = 200, body: bytes = b"{}", **headers: str) -> Answer:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(status=status, headers=named, body=body, elapsed_s=0.0, sent=0, received=len(body))


@pytest.mark.parametrize(
    ("status", "location", "failure"),
    [
        (200, "", None),
        (204, "", Failure.SUBMIT_UNEXPECTED_ANSWER),
        (301, "https://portal.example/login", Failure.HTTP_REDIRECT_OFF_SITE),
        (302, "//portal.example/", Failure.HTTP_REDIRECT_OFF_SITE),
        (302, "/elsewhere", Failure.SUBMIT_UNEXPECTED_ANSWER),
        (302, "https://[", Failure.HTTP_REDIRECT_OFF_SITE),
        (400, "", Failure.SUBMIT_REFUSED),
        (401, "", Failure.SUBMIT_UNAUTHORIZED),
        (403, "", Failure.SUBMIT_UNAUTHORIZED),
        (413, "", Failure.SUBMIT_REFUSED),
        (429, "", Failure.HTTP_STATUS),
        (501, "", Failure.SUBMIT_REFUSED),
        (503, "", Failure.HTTP_STATUS),
    ],
)
def test_a_status_that_is_not_documented_has_a_name(status: int, location: str, failure: Failure | None) -> None:
    found = answers.objection(answer(status, location=location), expected=(200, 202), url=URL)
    assert (found.failure if found else None) is failure
    assert found is None or f"product.apis.f5.com answered {status} instead of 200 or 202" in found.detail


def test_a_refusal_in_a_web_page_is_a_block_page() -> None:
    for page in (answer(404, b"<!DOCTYPE html>"), answer(404, b"blocked", content_type="text/html; charset=utf-8")):
        found = answers.objection(page, expected=(200,), url=URL)
        assert found is not None
        assert found.failure is Failure.HTTP_BLOCK_PAGE


def test_a_filter_that_forbids_is_none_of_the_vendors_words_about_a_token() -> None:
    known = answers.objection(answer(403, b"<html>FortiGuard Web Filtering</html>"), expected=(200,), url=URL)
    assert known is not None
    assert (known.failure, known.detail.endswith("with a page of Fortinet FortiGuard")) == (
        Failure.HTTP_BLOCK_PAGE,
        True,
    )
    unknown = answers.objection(answer(403, b"<html>403 Forbidden</html>"), expected=(200,), url=URL)
    assert unknown is not None
    assert (unknown.failure, unknown.detail.endswith("with a web page")) == (Failure.SUBMIT_UNAUTHORIZED, True)


def test_a_web_page_with_status_200_is_a_block_page() -> None:
    data, found = answers.fields(answer(200, b"  <html><body>blocked"))
    assert (data, found.failure if found else None) == ({}, Failure.HTTP_BLOCK_PAGE)


@pytest.mark.parametrize("body", [b"", b"[1]", b"null", b"{", b"\xff", b"[" * 100_000])
def test_what_is_not_a_json_object_is_unexpected(body: bytes) -> None:
    data, found = answers.fields(answer(200, body))
    assert (data, found.failure if found else None) == ({}, Failure.SUBMIT_UNEXPECTED_ANSWER)


@given(st.binary(max_size=50))
def test_any_body_is_fields_or_an_objection(body: bytes) -> None:
    data, found = answers.fields(answer(200, body))
    assert found is not None or json.loads(body) == data


def test_a_version_is_found_however_deep_and_compared_as_numbers() -> None:
    assert answers.find({"modules": [{"x": 1}, {"nim": "2.21.0"}]}, "nim") == "2.21.0"
    assert answers.find({"nim": 3}, "nim") == ""
    versions = [answers.version(text) for text in ("2.9.1", "2.18", "2.100.0", "x", "401")]
    assert versions == [(2, 9), (2, 18), (2, 100), None, None]


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        (f"/status/{ID}", ID),
        (f"/ee/v1/entitlements/telemetry/bulk/status/{ID}", ID),
        (f"https://product.apis.f5.com/ee/v1/entitlements/telemetry/bulk/status/{ID}", ID),
        (f"/status/{ID}/", ID),
        (f"/status/{ID}?x=/../../y", ID),
        (ID.upper(), ID),
        (f"/status/{{{ID}}}", ""),
        (f"urn:uuid:{ID}", ""),
        ("/status/", ""),
        ("/status/../../x", ""),
        ("https://[", ""),
        (None, ""),
        (7, ""),
    ],
)
def test_the_id_is_the_last_segment_and_a_uuid(link: object, expected: str) -> None:
    assert answers.report_id(link) == expected


@pytest.mark.parametrize(("value", "expected"), [(100, 100.0), ("100", 100.0), (99.5, 99.5), ("50", 50.0)])
def test_percentages_may_be_numbers_or_text(value: object, expected: float) -> None:
    found = answers.progress({"percentageComplete": value, "percentageSuccessful": 0, "readyForDownload": "true"})
    assert found == answers.Progress(complete=expected, successful=0.0, ready=True)


@pytest.mark.parametrize("value", [None, True, "many", "nan", "inf", -1, 101, 10**400, [100]])
def test_what_is_no_percentage_is_no_progress(value: object) -> None:
    fields = {"percentageComplete": value, "percentageSuccessful": 100, "readyForDownload": True}
    assert answers.progress(fields) is None
    assert answers.progress({"percentageComplete": 100, "percentageSuccessful": 100}) is None


def test_a_download_must_be_a_whole_zip() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("a", "b")
    whole = file.getvalue()
    assert answers.zip_objection(io.BytesIO(whole), "report") is None
    for data, words in (
        (b"", "is empty"),
        (whole[:-10], "is damaged or cut short: not a readable zip (File is not a zip file)"),
        (b"<html>", "is not a zip"),
    ):
        found = answers.zip_objection(io.BytesIO(data), "report")
        assert found is not None
        assert found.detail.endswith(words)
