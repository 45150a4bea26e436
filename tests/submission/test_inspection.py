"""A credential that may be removed on the way: told by who vouches for the host, and by what is said without it."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import attrs
import pytest
import trustme

from nimnetcheck.model import Failure
from nimnetcheck.submission import inspection
from nimnetcheck.submission.client import Client
from nimnetcheck.submission.messages import Answer, Request, Trouble
from tests.submission.conftest import HOST, LICENCE

if TYPE_CHECKING:
    from pathlib import Path

    from nimnetcheck.model import World
    from tests.submission.conftest import FarSide

TOKEN = f"Bearer {LICENCE.token}"


def inspected(world: World, folder: Path) -> World:
    """The same, where the host's authority is none of the public ones."""
    public = folder / "public.pem"
    trustme.CA(organization_name="Public Authority").cert_pem.write_to_path(str(public))
    return attrs.evolve(world, public_file=public)


@pytest.mark.parametrize(("path", "said"), [("/refused", inspection.SAME), ("/picky", inspection.OTHER)])
def test_it_is_asked_again_without_the_credential(far: FarSide, tmp_path: Path, path: str, said: str) -> None:
    request = Request(method="POST", url=f"https://{HOST}{path}", authorization=TOKEN, json={"usage": 1})
    with far.serving() as world, closing(Client(inspected(world, tmp_path))) as client:
        refused = client.call(request)
        assert isinstance(refused, Answer)
        found = inspection.look(client, request, refused)
    assert found["without_authorization"] == said
    assert "trustme" in str(found["inspected_by"])
    (_, _, first, sent), (method, _, again, body) = far.got
    assert (first["Authorization"], sent) == (TOKEN, b'{"usage":1}')
    assert "Authorization" not in again
    assert (method, body) == ("POST", b"")


def test_a_host_that_a_public_authority_vouches_for_is_not_asked_again(far: FarSide) -> None:
    request = Request(method="GET", url=f"https://{HOST}/refused", authorization=TOKEN)
    with far.serving() as world, closing(Client(world)) as client:
        refused = client.call(request)
        assert isinstance(refused, Answer)
        assert inspection.look(client, request, refused) == {}
    assert refused.inspected_by == ""
    assert len(far.got) == 1


def test_whom_a_success_comes_from_is_not_asked(far: FarSide, tmp_path: Path) -> None:
    with far.serving() as world, closing(Client(inspected(world, tmp_path))) as client:
        taken = client.call(Request(method="GET", url=f"https://{HOST}/", authorization=TOKEN))
    assert isinstance(taken, Answer)
    assert taken.inspected_by == ""


def test_no_answer_the_second_time_proves_nothing() -> None:
    class Ended:
        def call(self, _: Request) -> Trouble:
            return Trouble(failure=Failure.HTTP_CLOSED, detail="")

    refused = Answer(status=401, headers={}, body=b"", elapsed_s=0, sent=0, received=0, inspected_by="CN=Box")
    request = Request(method="GET", url=f"https://{HOST}/", authorization=TOKEN)
    found = inspection.look(Ended(), request, refused)  # type: ignore[arg-type]  # all of a client that is used
    assert found["without_authorization"] == inspection.NONE
