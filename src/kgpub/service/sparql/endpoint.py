"""The endpoint: requests in, answers out as they are evaluated."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from functools import partial

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from kgpub.errors import KgpubError
from kgpub.service.connections import left
from kgpub.service.errors import RETRY, RequestError
from kgpub.service.http import refusals
from kgpub.service.http.codings import coding
from kgpub.service.http.headers import FRESH
from kgpub.service.http.reading import body, origin_of
from kgpub.service.http.tags import matches
from kgpub.service.immediate import Asked
from kgpub.service.limits import DEFAULT_LIMITS
from kgpub.service.sparql.cache import Cache, Kept, Question
from kgpub.service.sparql.description import described
from kgpub.service.sparql.formats import BY_NAME, GRAPHS, chosen, negotiated
from kgpub.service.sparql.lanes import Running
from kgpub.service.sparql.limits import QueryLimits
from kgpub.service.sparql.pool import Pool
from kgpub.service.sparql.preferences import Preferences, preferences_of
from kgpub.service.sparql.protocol import Operation, operation
from kgpub.service.sparql.query import Query
from kgpub.service.sparql.sending import HEADERS, Sender, code, fields
from kgpub.service.sparql.spool import IN_MEMORY, Broken, Spool
from kgpub.service.sparql.wire import Fault
from kgpub.store.queries import Graphs

PATH = "/sparql"
METHODS = ("GET", "HEAD", "POST")
_UNDER_WAY = "kgpub.sparql.under_way"
"""In the scope of a request that was passed on: its query, and the evaluation of that."""
_VARYING = re.compile(r"(?:NOW|RAND|UUID|BNODE)\s*+[(#]", re.IGNORECASE)
"""What may give another answer on the same data. Oxigraph needs no space before it.

Comments are not followed to their end, so that it is linear.
"""
_FEDERATED = re.compile("SERVICE", re.IGNORECASE)


Updating = Callable[[Request, Operation], Awaitable[None]]
"""Carries an update out for who may have it. Raises RequestError."""


@dataclass(frozen=True)
class Endpoint:
    """One endpoint. `public` is scheme and host as clients see them, "" for what requests say.

    `federating` evaluates what may ask other endpoints, where that is allowed; `updating` takes
    updates, where they are.
    """

    pool: Pool
    cache: Cache
    limits: QueryLimits
    title: str
    public: str = ""
    federating: Pool | None = None
    updating: Updating | None = None

    @property
    def pools(self) -> tuple[Pool, ...]:
        """What is to run while the endpoint answers."""
        return (self.pool,) if self.federating is None else (self.pool, self.federating)

    def routes(self) -> list[Route]:
        """Return the routes."""
        # As an ASGI application itself it answers all methods, and sends as it likes.
        return [Route(path, self, include_in_schema=False) for path in (PATH, f"{PATH}/")]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request by the protocol."""
        under_way = scope.pop(_UNDER_WAY, None)
        try:
            if under_way is not None:
                query, running = under_way
                await self._follow(Sender(scope, receive, send), query, running, is_long=True)
                return
            response = await self._answer(Request(scope, receive), send)
        except KgpubError as error:
            response = refused(error)
        if response is not None:
            await response(scope, receive, send)

    def takes(self, asked: Asked) -> bool:
        """See Immediate: takes queries by GET whose answers are kept, or may come soon."""
        scope = asked.scope
        if scope["method"] != "GET":
            return False
        try:
            preferences = preferences_of(scope)
            query = self._soon(preferences, scope["query_string"])
        except RequestError:
            return False  # it is told by the other way
        if query is None:
            return False
        kept = self._kept(query)
        is_known = kept is not None
        kept = kept or self._looked_up(query)
        if kept is None:
            self._await(asked, query)
            return True
        told = fields(kept, query.tag)
        if is_known:  # it may well be asked for once more
            asked.again = partial(self._again, query, told)
        asked.alike = partial(self._alike, preferences)
        asked.answer(200, told, kept.content)
        return True

    def _soon(self, preferences: Preferences, query_string: bytes) -> Query | None:
        """Return a query that may be answered soon and without ASGI. Raises RequestError."""
        operated = operation("GET", query_string, "", b"")
        if operated is None:
            return None
        query = self._query(preferences, operated)
        may_be_soon = query.pool is self.pool and not (query.known or self.pool.lanes.is_full)
        return query if may_be_soon else None

    def _alike(self, preferences: Preferences, query_string: bytes) -> tuple[bytes, bytes] | None:
        """See Alike."""
        try:
            query = self._soon(preferences, query_string)
        except RequestError:
            return None
        if query is None:
            return None
        kept = self._kept(query) or self._looked_up(query)
        return None if kept is None else (fields(kept, query.tag), kept.content)

    def _again(self, query: Query, told: bytes) -> tuple[bytes, bytes] | None:
        """See Again."""
        if query.question.version != self.pool.version:
            return None
        kept = self.cache.get(query.question, query.coding)
        return None if kept is None else (told, kept.content)

    async def evaluate(
        self,
        request: Request,
        send: Send,
        text: str,
        graphs: Graphs | None = None,
        form: str = "",
        on: str = "",
    ) -> None:
        """Send the answer to a query, in the form of that name or as the request accepts.

        With `on` (ISO 8601) it is that of the dataset as it was on that day. Raises RequestError
        where there is none; nothing is sent then.
        """
        await self._evaluate(request, send, Operation(text, False, graphs, form, on))

    async def _evaluate(self, request: Request, send: Send, asked: Operation) -> None:
        query = self._query(preferences_of(request.scope), asked)
        sender = Sender(request.scope, request.receive, send)
        is_safe = request.method != "POST"
        if is_safe and query.known and query.tag and matches(query.known, query.tag):
            await sender.not_modified(query.tag)
            return
        kept = self._kept(query) or self._looked_up(query)
        if kept is None:
            await self._follow(sender, query, query.pool.submit(query.task))
        else:
            await sender.whole(kept, query.tag)

    def _query(self, preferences: Preferences, asked: Operation) -> Query:
        """Return a query as a request puts it. Raises RequestError."""
        accept, encodings, known = preferences
        pool = self.pool
        # Where it need not be one, as in a string, it is evaluated there all the same.
        if self.federating is not None and _FEDERATED.search(asked.text):
            pool = self.federating
        form = asked.form if asked.form in BY_NAME else ""  # what is not known is not to be kept
        forms = negotiated(accept, form)
        question = Question(self.pool.version, asked.text, asked.graphs, forms, asked.on)
        varies = "(" in asked.text and _VARYING.search(asked.text)  # no call is without it
        is_constant = pool is self.pool and not varies
        return Query(question, coding(encodings), known, is_constant, pool)

    def _kept(self, query: Query) -> Kept | None:
        return self.cache.get(query.question, query.coding) if query.is_constant else None

    def _looked_up(self, query: Query) -> Kept | None:
        """Return an answer that takes next to no time."""
        found = self.pool.look_up(query.task) if query.pool is self.pool else None
        if found is None:
            return None
        kept = code(*found, query.coding)
        self._keep(query, kept)
        return kept

    def _keep(self, query: Query, kept: Kept) -> None:
        if query.is_constant:
            self.cache.put(query.question, query.coding, kept)

    def _await(self, asked: Asked, query: Query) -> None:
        """Evaluate a query, and answer if that is soon done; otherwise pass it on."""
        running = self.pool.submit(query.task)
        spool = running.spool

        def news(_: object) -> None:
            if asked.left is None:  # it has left
                return
            if not self._is_short(spool):
                asked.scope[_UNDER_WAY] = query, running
                asked.pass_on()
                return
            current = query.on(spool.version)
            kept = code(spool.content(), spool.form, query.coding)
            running.give_up()
            self._keep(current, kept)
            asked.answer(200, fields(kept, current.tag), kept.content)

        asked.left = running.give_up
        spool.news().add_done_callback(news)

    async def _follow(
        self, sender: Sender, query: Query, running: Running, is_long: bool = False
    ) -> None:
        """Send an answer as it is evaluated. Raises RequestError where there is none."""
        try:
            if not await begun(running.spool, sender.receive, is_long):
                return
            current = query.on(running.spool.version)
            kept = await self._sent(sender, current, running.spool)
            if kept is not None:
                self._keep(current, kept)
        finally:
            running.give_up()

    async def _sent(self, sender: Sender, query: Query, spool: Spool) -> Kept | None:
        """Send an answer that has begun; return it if it is whole and short."""
        if self._is_short(spool):
            kept = code(spool.content(), spool.form, query.coding)
            await sender.whole(kept, query.tag)
            return kept
        try:
            content = await sender.streamed(spool, query.tag, query.coding, self._most)
        except Broken as error:  # before anything was sent
            raise error_of(error.fault) from error
        return None if content is None else code(content, spool.form, query.coding)

    @property
    def _most(self) -> int:
        return min(self.limits.cached_answer, IN_MEMORY)

    def _is_short(self, spool: Spool) -> bool:
        return spool.is_whole and spool.size <= self._most

    async def _answer(self, request: Request, send: Send) -> Response | None:
        method = request.method
        if method == "OPTIONS" or method not in METHODS:
            status = 204 if method == "OPTIONS" else 405
            return Response(status_code=status, headers={"Allow": ", ".join((*METHODS, "OPTIONS"))})
        asked = await self._operation(request)
        if asked is None:
            return self._description(request)
        if asked.is_update:
            if self.updating is None:
                raise RequestError(
                    403, "nothing is updated here", "Data change by submissions and kgpub build."
                )
            await self.updating(request, asked)
            return Response(status_code=204, headers=HEADERS)
        await self._evaluate(request, send, asked)
        return None

    async def _operation(self, request: Request) -> Operation | None:
        content, content_type = b"", ""
        if request.method == "POST":
            if request.headers.get("content-encoding", "identity").lower() != "identity":
                raise RequestError(415, "the body is compressed", "Send it as it is.")
            content_type = request.headers.get("content-type", "")
            content = await body(request, replace(DEFAULT_LIMITS, body=self.limits.query))
        return operation(request.method, request.scope["query_string"], content_type, content)

    def _description(self, request: Request) -> Response:
        accept, _, _ = preferences_of(request.scope)
        form = chosen(GRAPHS, accept)
        endpoint = (self.public or origin_of(request)) + PATH
        content = described(endpoint, self.title, form, self.updating is not None)
        headers = {**HEADERS, "Cache-Control": FRESH}
        return Response(content, headers=headers, media_type=form.content_type)


async def begun(spool: Spool, receive: Receive, is_long: bool) -> bool:
    """Wait for the beginning of an answer; return whether the client is still there.

    Raises RequestError where there is no answer. Whether a client has left is not looked at while
    it may be a quick one: that would take longer than most queries.
    """
    if not (is_long or spool.size or spool.has_ended):
        await spool.news()
    if not (spool.size or spool.has_ended) and not await _is_awaited(spool, receive):
        return False
    if spool.fault is not None and not spool.size:
        raise error_of(spool.fault)
    return True


async def _is_awaited(spool: Spool, receive: Receive) -> bool:
    """Wait for the beginning of an answer; return whether the client is still there then."""
    leaving = asyncio.create_task(left(receive))
    try:
        while not (spool.size or spool.has_ended):
            await asyncio.wait((spool.news(), leaving), return_when=asyncio.FIRST_COMPLETED)
            if leaving.done():
                return False
        return True
    finally:
        leaving.cancel()


def refused(error: KgpubError) -> Response:
    """Return what is wrong with a request, as text that a person reads in a terminal."""
    return refusals.in_text(error, HEADERS)


def error_of(fault: Fault) -> RequestError:
    """Return a fault as what a request meets."""
    headers = RETRY if fault.is_passing else {}
    return RequestError(fault.status, fault.message, fault.remedy, fault.excerpt, headers)
