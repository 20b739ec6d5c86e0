"""Answers about submissions: reports in the form that is preferred, and problems."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from kgpub.errors import KgpubError
from kgpub.messages import LANGUAGES
from kgpub.model.slug import quoted
from kgpub.reporting.page import style_source
from kgpub.service.errors import RequestError
from kgpub.service.http.codings import coding_of, shortened
from kgpub.service.http.forms import preferred
from kgpub.service.http.headers import DATA, PAGE_TYPE
from kgpub.service.http.negotiation import language_of, value_of
from kgpub.service.submitting.problems import problem
from kgpub.service.submitting.reports import FORMS_OF_REPORT, ReportForm

Handler = Callable[[Request], Awaitable[Response]]
_VARY = "Accept, Accept-Encoding, Accept-Language"
_HEADERS: Mapping[str, str] = {**DATA, "Cache-Control": "no-store", "Vary": _VARY}
_PAGE_POLICY = (
    f"default-src 'none'; style-src {style_source()}; base-uri 'none'; form-action 'none';"
    " frame-ancestors 'none'; sandbox"
)
_TYPES = {"html": PAGE_TYPE, "ttl": "text/turtle; charset=utf-8"}


def route(path: str, handlers: Mapping[str, Handler]) -> Route:
    """Return the route of all methods of an address: who is told which there are is told all.

    Where there is a KgpubError it answers with problem details.
    """

    async def answered(request: Request) -> Response:
        method = "GET" if request.method == "HEAD" else request.method
        try:
            return await handlers[method](request)
        except KgpubError as error:
            return problem(error)

    return Route(path, answered, methods=list(handlers))


def form_of(request: Request, parameters: Mapping[str, str]) -> ReportForm:
    """Return the form that a report is asked for in. Raises RequestError."""
    named = parameters.get("format", "")
    if named:
        found = next((form for form in FORMS_OF_REPORT if form.name == named), None)
        if found is None:
            names = ", ".join(form.name for form in FORMS_OF_REPORT)
            raise RequestError(400, f"{quoted(named)} is no form of a report", f"Forms: {names}.")
        return found
    found = preferred(FORMS_OF_REPORT, value_of(request, "accept"))
    if found is None:
        names = ", ".join(form.media_types[0] for form in FORMS_OF_REPORT)
        raise RequestError(406, "the report has no form that is accepted", f"Forms: {names}.")
    return found


def language_asked(request: Request, parameters: Mapping[str, str]) -> str:
    """Return the language that is asked for. Raises RequestError."""
    named = parameters.get("lang", "")
    if named and named not in LANGUAGES:
        names = ", ".join(LANGUAGES)
        raise RequestError(400, f"there is nothing in {quoted(named)}", f"Languages: {names}.")
    return named or language_of(request)


def report(
    request: Request,
    form: ReportForm,
    language: str,
    content: bytes,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Return a report as an answer."""
    coded, coding = shortened(content, coding_of(request))
    told = {**_HEADERS, "Content-Language": language, **(headers or {})}
    if coding:
        told["Content-Encoding"] = coding
    if form.name == "html":
        told["Content-Security-Policy"] = _PAGE_POLICY
    return Response(coded, status, told, _TYPES.get(form.name, form.media_types[0]))
