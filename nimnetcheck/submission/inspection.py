"""Who inspects TLS on the way to the vendor, and whether a credential gets past them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from nimnetcheck.probe.certificates import describe
from nimnetcheck.probe.trust import Trust
from nimnetcheck.submission.messages import Answer

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nimnetcheck.model import World
    from nimnetcheck.submission.client import Client
    from nimnetcheck.submission.messages import Request

SAME, OTHER, NONE = "the same answer", "another answer", "no answer"


def inspector(certificate: bytes, world: World) -> str:
    """Who issued a verified connection's certificate, given in DER, where that is nobody public; else empty."""
    leaf = describe(certificate)
    is_public = (
        leaf.get("logged") or leaf.get("issued_by") in Trust(world.ca_file, world.public_file).public_organisations
    )
    return "" if is_public else str(leaf.get("issuer", ""))


def look(client: Client, request: Request, refused: Answer) -> Mapping[str, object]:
    """Whether the words are the same without the credential (and without a body), where somebody inspects.

    A server that was shown a credential mostly says so.
    """
    if not request.authorization or not refused.inspected_by:
        return {}
    bare = client.call(attrs.evolve(request, authorization="", json=None, upload=None))
    said = NONE if not isinstance(bare, Answer) else SAME if _words(bare) == _words(refused) else OTHER
    return {"inspected_by": refused.inspected_by, "without_authorization": said}


def _words(answer: Answer) -> tuple[int, str, bytes]:
    return answer.status, answer.headers.get("www-authenticate", ""), answer.body
