"""The answer that nothing is published under an address."""

from __future__ import annotations

from urllib.parse import unquote

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from kgpub.pages.home import STYLE
from kgpub.pages.rendering import Frame, Site, render
from kgpub.service.errors import RequestError
from kgpub.service.http.headers import PAGE_TYPE, headers_of
from kgpub.service.http.negotiation import language_of
from kgpub.service.linked_data.answers import refused
from kgpub.service.linked_data.negotiation import wants_page

_MAX_SHOWN = 300
"""Characters of an address that a page shows."""


def missing(request: Request, site: Site, address: str) -> Response:
    """Say that there is nothing, as a page to those that show pages."""
    if not wants_page(request):
        return refused(RequestError(404, "nothing is published under this address"))
    frame = Frame(site, language_of(request), address, styles=(STYLE,))
    shown = unquote(address[:_MAX_SHOWN])
    page = render("missing.html.j2", frame, address=f"/{shown}")
    vary = "Accept, Accept-Language, Accept-Encoding"
    return HTMLResponse(page, 404, headers_of(PAGE_TYPE, vary))
