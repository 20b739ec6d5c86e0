"""Requests to saved queries, and the answers: evaluated as the endpoint evaluates all queries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from rapidfuzz import fuzz, process
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from kgpub.errors import KgpubError
from kgpub.model.slug import quoted
from kgpub.service.api import listing, openapi
from kgpub.service.api.asked import asked
from kgpub.service.api.documents import Document
from kgpub.service.api.openapi import Json
from kgpub.service.api.problems import problem
from kgpub.service.api.saved import SavedQuery
from kgpub.service.errors import RequestError


class Evaluate(Protocol):
    """Sends the answer to a query, in the form of that name, "" for what the request accepts.

    It is of the dataset as it was `on` a day (ISO 8601), "" for today.
    Raises KgpubError where there is none; nothing is sent then.
    """

    async def __call__(
        self, request: Request, send: Send, text: str, *, form: str, on: str
    ) -> None: ...


_LONGEST_NAME = 100


@dataclass(frozen=True)
class SavedQueries:
    """Saved queries on the web."""

    queries: Mapping[str, SavedQuery]
    prefixes: Mapping[str, str]
    evaluate: Evaluate
    described_at: str

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, as an ASGI application."""
        request = Request(scope, receive)
        try:
            query = self._called(request.path_params["name"])
            read = asked(scope["query_string"], query, self.prefixes)
            await self.evaluate(request, send, read.text, form=read.form, on=read.on)
        except KgpubError as error:
            await problem(error, self.described_at)(scope, receive, send)

    def _called(self, name: str) -> SavedQuery:
        query = self.queries.get(name)
        if query is not None:
            return query
        near = process.extractOne(
            name[:_LONGEST_NAME], list(self.queries), scorer=fuzz.ratio, score_cutoff=70
        )
        hint = f"Did you mean {near[0]}? " if near else ""
        remedy = f"{hint}See them all at {listing.PATH}."
        raise RequestError(404, f"there is no query {quoted(name)}", remedy)


def api_routes(
    queries: Mapping[str, SavedQuery],
    prefixes: Mapping[str, str],
    evaluate: Evaluate,
    title: str,
    public: str = "",
    beside: Mapping[str, Json] | None = None,
) -> list[Route]:
    """Return routes for saved queries, their list and their description.

    `public` is scheme and host as clients see them, "" where they are not known; `beside` are
    paths of others, to be described as well.
    """
    served = SavedQueries(queries, prefixes, evaluate, f"{public}{openapi.PATH}")
    ordered = [queries[name] for name in sorted(queries)]
    listed = Document.of(listing.listed(ordered, public))
    described = Document.of(openapi.description(ordered, prefixes, title, public, beside))

    async def list_(request: Request) -> Response:
        return listed.answer(request)

    async def describe(request: Request) -> Response:
        return described.answer(request)

    return [
        Route(listing.PATH, list_),
        Route(f"{listing.PATH}/", list_),
        Route(openapi.PATH, describe),
        Route(f"{listing.PATH}/{{name:path}}", served, methods=["GET"]),
    ]
