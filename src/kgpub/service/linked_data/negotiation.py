"""Which of the forms of documents a client prefers."""

from __future__ import annotations

from starlette.requests import Request

from kgpub.documents.forms import DATA, PAGE, Form
from kgpub.service.errors import RequestError
from kgpub.service.http.forms import preferred
from kgpub.service.http.negotiation import value_of


def form_of(request: Request, offered: tuple[Form, ...] = (PAGE, *DATA)) -> Form:
    """Return the form that a client prefers, the first where it has no preference.

    Raises RequestError, with status 406 where none is acceptable.
    """
    found = preferred(offered, value_of(request, "accept"))
    if found is None:
        names = ", ".join(each.media_types[0] for each in offered)
        raise RequestError(406, "no form is among those that are accepted", f"Accept: {names}.")
    return found


def wants_page(request: Request) -> bool:
    """Whether a client is one that shows pages."""
    try:
        return form_of(request) is PAGE
    except RequestError:
        return False
