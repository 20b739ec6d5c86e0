"""The addresses of one reconciliation service, in one language, and what each answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from kgpub.service.errors import RequestError
from kgpub.service.http.headers import ASKED_ANEW
from kgpub.service.http.reading import origin_of, parameters, text_value, whole_number
from kgpub.service.limits import Limits
from kgpub.service.reconciliation import answers, cards
from kgpub.service.reconciliation.answers import Json
from kgpub.service.reconciliation.offered import Property, Reconciliation, Thing, Value
from kgpub.service.reconciliation.queries import Extension, Query, extension, query_batch
from kgpub.service.work import Deadline, Work

_MAX_SKIPPED = 10_000


@dataclass(frozen=True)
class Surroundings:
    """What the services of one application share.

    `public` is scheme and host as clients see them, "" for what each request says; `paths` are the
    paths of the services in one language, by slug.
    """

    limits: Limits
    work: Work
    cards: cards.Cards
    public: str
    paths: Mapping[str, str]

    def addresses(self, request: Request) -> dict[str, str]:
        """Return the addresses of the services by their slugs."""
        origin = self.public or origin_of(request)
        return {slug: origin + path for slug, path in self.paths.items()}


@dataclass(frozen=True)
class Endpoints:
    """A service on the web."""

    service: Reconciliation
    language: str
    around: Surroundings

    def routes(self) -> list[Route]:
        """Return the routes, below the path of the service."""
        path = self.around.paths[self.service.slug]
        return [
            Route(path, self.main, methods=["GET", "POST"]),
            Route(f"{path}/view", self.view),
            Route(f"{path}/preview", self.preview),
            Route(f"{path}/properties", self.properties),
            Route(f"{path}/suggest/{{what}}", self.suggest),
            Route(f"{path}/flyout/{{what}}", self.flyout),
        ]

    async def main(self, request: Request) -> Response:
        """Answer queries, or a data extension query; without either, tell what there is."""
        limits, work = self.around.limits, self.around.work
        given = await parameters(request, limits)
        if "queries" in given:
            text = given["queries"]
            return _json(await work.run(lambda deadline: self._results(text, deadline)))
        addresses = self.around.addresses(request)
        if "extend" in given:
            text = given["extend"]
            told = await work.run(lambda deadline: self._extended(text, addresses, deadline))
            return _json(told)
        if request.method == "POST":
            raise RequestError(400, "the form has neither queries nor extend")
        address = addresses[self.service.slug]
        told = answers.manifest(self.service, self.language, address, limits.queries)
        return _json(told)

    def _results(self, text: str, deadline: Deadline) -> Json:
        batch = query_batch(text, self.around.limits)
        return {key: self._result(query, deadline) for key, query in batch.items()}

    def _result(self, query: Query, deadline: Deadline) -> Json:
        deadline.check()
        return answers.result(self.service.matches(query, self.language))

    def _extended(self, text: str, addresses: Mapping[str, str], deadline: Deadline) -> Json:
        wanted = extension(text, self.around.limits)
        known = {each.thing.id: each for each in self.service.properties("", self.language)}
        unknown = [name for name, _ in wanted.properties if name not in known]
        if unknown:
            raise RequestError(
                400, f"there is no property {unknown[0]}", f"Properties: {', '.join(known)}."
            )
        rows = {id_: self._row(id_, wanted, deadline) for id_ in wanted.ids}
        properties: list[Property] = [known[name] for name, _ in dict(wanted.properties).items()]
        return answers.extended(properties, rows, addresses)

    def _row(
        self, id_: str, wanted: Extension, deadline: Deadline
    ) -> Mapping[str, Sequence[Value]]:
        row = {}
        for name, most in wanted.properties:
            deadline.check()
            limit = min(most or self.around.limits.values, self.around.limits.values)
            row[name] = self.service.values(id_, name, self.language, limit)
        return row

    async def view(self, request: Request) -> Response:
        """Send the client to the entity itself. Only what is known has an address."""
        id_ = await self._id(request)
        address = await self.around.work.run(lambda _: self.service.address(id_))
        if not address:
            raise RequestError(404, "there is no such entity")
        return RedirectResponse(address, 303, ASKED_ANEW)

    async def preview(self, request: Request) -> Response:
        """Return the card of an entity as a page."""
        id_ = await self._id(request)
        shown = await self.around.work.run(lambda _: self.service.preview(id_, self.language))
        if shown is None:
            raise RequestError(404, "there is no such entity")
        page = self.around.cards.preview(shown, self.language)
        return HTMLResponse(page, headers={**ASKED_ANEW, **cards.HEADERS})

    async def properties(self, request: Request) -> Response:
        """Propose properties for a type."""
        given = await parameters(request, self.around.limits)
        type_ = self._text(given, "type")
        limit = whole_number(given["limit"], "limit", 1_000) if given.get("limit") else None
        found = self.service.properties(type_, self.language)
        return _json(answers.proposal(found[: limit or len(found)], type_, limit))

    async def suggest(self, request: Request) -> Response:
        """Return what begins with a prefix."""
        given = await parameters(request, self.around.limits)
        prefix = self._text(given, "prefix").strip()
        skip = whole_number(given.get("cursor") or "0", "cursor", _MAX_SKIPPED)
        limit = self.around.limits.suggestions
        what = request.path_params["what"]
        if what == "entity":
            type_ = self._text(given, "type")
            found = await self.around.work.run(
                lambda _: self.service.beginning(prefix, type_, self.language, skip, limit)
            )
        else:
            things = (each for each in self._terms(what) if _begins(each, prefix))
            found = list(things)[skip : skip + limit]
        return _json(answers.suggestions(found))

    async def flyout(self, request: Request) -> Response:
        """Return a small card of what was suggested."""
        id_ = await self._id(request)
        what = request.path_params["what"]
        if what == "entity":
            found = await self.around.work.run(lambda _: self.service.thing(id_, self.language))
        else:
            found = next((each for each in self._terms(what) if each.id == id_), None)
        if found is None:
            raise RequestError(404, f"there is no such {what}")
        return _json({"id": id_, "html": self.around.cards.flyout(found, self.language)})

    def _terms(self, what: str) -> Sequence[Thing]:
        if what == "type":
            return self.service.types(self.language)
        if what == "property":
            return [each.thing for each in self.service.properties("", self.language)]
        raise RequestError(404, "there are suggestions for entity, type and property only")

    async def _id(self, request: Request) -> str:
        id_ = self._text(await parameters(request, self.around.limits), "id")
        if not id_:
            raise RequestError(400, "id: is missing")
        return id_

    def _text(self, given: Mapping[str, str], name: str) -> str:
        return text_value(given.get(name, ""), name, self.around.limits)


def _json(told: Json) -> Response:
    return JSONResponse(told, headers=ASKED_ANEW)


def _begins(thing: Thing, prefix: str) -> bool:
    """Whether a word of the name, or the identifier, begins with `prefix`, in either case."""
    text = prefix.casefold()
    words = thing.name.casefold().split()
    starts = (" ".join(words[number:]) for number in range(len(words)))
    return thing.id.casefold().startswith(text) or any(each.startswith(text) for each in starts)
