"""Block pages are known by marks that only they have; an origin's own refusal is none."""

from __future__ import annotations

import pytest

from nimnetcheck.probe.block_pages import SIGNATURES, recognise


@pytest.mark.parametrize("signature", SIGNATURES, ids=str)
def test_every_signature_matches_its_own_mark_in_any_case(signature: object) -> None:
    header, marker = getattr(signature, "header", ""), getattr(signature, "marker", "")
    headers = {header: marker.upper()} if header else {}
    assert recognise(headers, "" if header else f"<p>{marker.upper()}</p>") == getattr(signature, "product", None)


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ({"server": "nginx"}, "<h1>403 Forbidden</h1><hr><center>nginx</center>"),
        ({"server": "envoy"}, '{"error": "access denied"}'),
        ({}, "<h1>Access Denied</h1>"),
        ({}, ""),
    ],
)
def test_an_origins_own_refusal_is_no_block_page(headers: dict[str, str], body: str) -> None:
    assert recognise(headers, body) is None
