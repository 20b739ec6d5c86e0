"""The endpoint: requests in, answers out as they are evaluated."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from kgpub.errors import KgpubError
from kgpub.service.connections import left
from kgpub.service.errors import RETRY, RequestError
from kgpub.service.limits import DEFAULT_LIMITS
from kgpub.service.reading import body, origin_of
from kgpub.service.sparql.cache import Cache, Question
from kgpub.service.sparql.description import described
from kgpub.service.sparql.encoding import coding
from kgpub.service.sparql.formats import GRAPHS, chosen, negotiated
from kgpub.service.sparql.lanes import Running
from kgpub.service.sparql.limits import QueryLimits
from kgpub.service.sparql.pool import Pool
from kgpub.service.sparql.protocol import Operation, operation
from kgpub.service.sparql.sending import FRESH, HEADERS, Sender, code, matches, tag_of
from kgpub.service.sparql.spool import IN_MEMORY, Broken, Spool
from kgpub.service.sparql.wire import Fault, Task
from kgpub.store.queries import Graphs

PATH = "/sparql"
METHODS = ("GET", "HEAD", "POST")
_VARYING = re.compile(r"(?:NOW|RAND|UUID|BNODE)(?:\s|#[^\r\n]*[\r\n])*\(", re.IGNORECASE)
"""What may give another answer on the same data. Oxigraph needs no space before it."""
_FEDERATED = re.compile("SERVICE", re.IGNORECASE)
_MAX_PREFERENCES = 4_000
_PREFERENCES = (b"accept", b"accept-encoding", b"if-none-match")


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
        request = Request(scope, receive)
        try:
            response = await self._answer(request, send)
        except KgpubError as error:
            response = refused(error)
        if response is not None:
            await response(scope, receive, send)

    async def evaluate(
        self, request: Request, send: Send, text: str, graphs: Graphs | None = None, form: str = ""
    ) -> None:
        """Send the answer to a query, in the form of that name or as the request accepts.

        Raises RequestError where there is none; nothing is sent then.
        """
        accept, encodings, known = _preferences(request.scope)
        forms = negotiated(accept, form)
        asked = Question(self.pool.version, text, graphs, forms)
        encoding = coding(encodings)
        pool = self.pool
        # Where it need not be one, as in a string, it is evaluated there all the same.
        if self.federating is not None and _FEDERATED.search(text):
            pool = self.federating
        is_constant = pool is self.pool and not _VARYING.search(text)
        tag = _tag(asked) if is_constant else ""
        sender = Sender(request.scope, request.receive, send)
        if tag and known and request.method != "POST" and matches(known, tag):
            await sender.not_modified(tag)
            return
        kept = self.cache.get(asked, encoding) if is_constant else None
        if kept is not None:
            await sender.whole(kept, tag)
            return
        running = pool.submit(Task(text, forms, graphs))
        try:
            if await self._begun(running, request.receive):
                await self._send(sender, running, asked, encoding, tag)
        finally:
            running.give_up()

    async def _answer(self, request: Request, send: Send) -> Response | None:
        method = request.method
        if method == "OPTIONS" or method not in METHODS:
            status = 204 if method == "OPTIONS" else 405
            return Response(status_code=status, headers={"Allow": ", ".join((*METHODS, "OPTIONS"))})
        asked = await self._asked(request)
        if asked is None:
            return self._description(request)
        if asked.is_update:
            if self.updating is None:
                raise RequestError(
                    403, "nothing is updated here", "Data change by submissions and kgpub build."
                )
            await self.updating(request, asked)
            return Response(status_code=204, headers=HEADERS)
        await self.evaluate(request, send, asked.text, asked.graphs, asked.form)
        return None

    async def _asked(self, request: Request) -> Operation | None:
        content, content_type = b"", ""
        if request.method == "POST":
            if request.headers.get("content-encoding", "identity").lower() != "identity":
                raise RequestError(415, "the body is compressed", "Send it as it is.")
            content_type = request.headers.get("content-type", "")
            content = await body(request, replace(DEFAULT_LIMITS, body=self.limits.query))
        return operation(request.method, request.scope["query_string"], content_type, content)

    def _description(self, request: Request) -> Response:
        accept, _, _ = _preferences(request.scope)
        form = chosen(GRAPHS, accept)
        endpoint = (self.public or origin_of(request)) + PATH
        content = described(endpoint, self.title, form, self.updating is not None)
        headers = {**HEADERS, "Cache-Control": FRESH}
        return Response(content, headers=headers, media_type=form.content_type)

    async def _begun(self, running: Running, receive: Receive) -> bool:
        """Wait for the beginning of an answer; return whether the client is still there.

        Raises RequestError where there is no answer. Whether a client has left is not looked at
        while the query is a quick one: that would take longer than most queries.
        """
        spool = running.spool
        if not (spool.size or spool.has_ended):
            await spool.news()
        if not (spool.size or spool.has_ended) and not await self._is_awaited(spool, receive):
            return False
        if spool.fault is not None and not spool.size:
            raise error_of(spool.fault)
        return True

    @staticmethod
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

    async def _send(
        self, sender: Sender, running: Running, asked: Question, encoding: str, tag: str
    ) -> None:
        spool = running.spool
        if tag and spool.version != asked.version:  # a new build is served since
            asked = asked._replace(version=spool.version)
            tag = _tag(asked)
        most = min(self.limits.cached_answer, IN_MEMORY)
        if spool.is_whole and spool.size <= most:
            kept = code(spool.content(), spool.form, encoding)
            await sender.whole(kept, tag)
        else:
            try:
                content = await sender.streamed(spool, tag, encoding, most)
            except Broken as error:  # before anything was sent
                raise error_of(error.fault) from error
            if content is None:
                return
            kept = code(content, spool.form, encoding)
        if tag:
            self.cache.put(asked, encoding, kept)


def refused(error: KgpubError) -> Response:
    """Return what is wrong with a request, as text that a person reads in a terminal."""
    status = error.status if isinstance(error, RequestError) else 400
    headers = {**HEADERS, "Cache-Control": "no-store"}
    if isinstance(error, RequestError):
        headers |= error.headers
    return PlainTextResponse(f"{error}\n", status, headers)


def error_of(fault: Fault) -> RequestError:
    """Return a fault as what a request meets."""
    headers = RETRY if fault.is_passing else {}
    return RequestError(fault.status, fault.message, fault.remedy, fault.excerpt, headers)


def _preferences(scope: Scope) -> tuple[str, str, str]:
    """Return the values of Accept, Accept-Encoding and If-None-Match. Raises RequestError.

    Each may stand in several lines (RFC 9110, section 5.3). To read preferences takes time that
    grows faster than their length.
    """
    found: dict[bytes, str] = {}
    for name, value in scope["headers"]:
        if name in _PREFERENCES:
            before = f"{found[name]}, " if name in found else ""
            found[name] = before + value.decode("latin-1")
            if len(found[name]) > _MAX_PREFERENCES:
                told = name.decode("ascii")
                message = f"{told} has more than {_MAX_PREFERENCES:,} characters"
                raise RequestError(431, message)
    accept, encodings, known = (found.get(name, "") for name in _PREFERENCES)
    return accept, encodings, known


def _tag(asked: Question) -> str:
    return tag_of(asked.version, asked.text, repr(asked.graphs), *asked.forms)
