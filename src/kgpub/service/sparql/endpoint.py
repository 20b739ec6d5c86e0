"""The endpoint: requests in, answers out as they are evaluated."""

from __future__ import annotations

import asyncio
import hashlib
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from kgpub.errors import KgpubError
from kgpub.service.errors import RequestError
from kgpub.service.limits import DEFAULT_LIMITS
from kgpub.service.reading import body, origin_of
from kgpub.service.sparql.cache import Cache, Kept
from kgpub.service.sparql.description import described
from kgpub.service.sparql.encoding import CODERS, coded, coding
from kgpub.service.sparql.formats import GRAPHS, Form, chosen, offered
from kgpub.service.sparql.limits import QueryLimits
from kgpub.service.sparql.pool import Pool, Running
from kgpub.service.sparql.protocol import Operation, operation
from kgpub.service.sparql.spool import Broken
from kgpub.service.sparql.wire import Fault, Task
from kgpub.store.syntax import form as form_of

PATH = "/sparql"
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Vary": "Accept, Accept-Encoding",
}
_FRESH = "public, max-age=0, must-revalidate"
_VARYING = re.compile("NOW|RAND|UUID|BNODE", re.IGNORECASE)
"""What may give another answer on the same data. Oxigraph needs no space before it."""
_WORTH_CODING = 1_000
_MAX_PREFERENCES = 4_000
_RETRY_SECONDS = "2"


@dataclass(frozen=True)
class Endpoint:
    """One endpoint. `public` is scheme and host as clients see them, "" for what requests say."""

    pool: Pool
    cache: Cache
    limits: QueryLimits
    title: str
    public: str = ""

    def routes(self) -> list[Route]:
        """Return the routes."""
        methods = ["GET", "POST"]
        return [Route(path, self.answer, methods=methods) for path in (PATH, f"{PATH}/")]

    async def answer(self, request: Request) -> Response:
        """Answer a request by the protocol."""
        try:
            return await self._answer(request)
        except KgpubError as error:
            return refused(error)

    async def _answer(self, request: Request) -> Response:
        content = b""
        if request.method == "POST":
            content = await body(request, replace(DEFAULT_LIMITS, body=self.limits.query))
        content_type = request.headers.get("content-type", "")
        asked = operation(request.method, request.scope["query_string"], content_type, content)
        if asked is None:
            return self._description(request)
        if asked.is_update:
            raise RequestError(
                403, "nothing is updated here", "Data change by submissions and kgpub build."
            )
        forms = offered(form_of(asked.text))
        form = chosen(forms, _joined(request, "accept"), asked.form)
        return await self._evaluated(request, asked, form)

    def _description(self, request: Request) -> Response:
        form = chosen(GRAPHS, _joined(request, "accept"))
        endpoint = (self.public or origin_of(request)) + PATH
        content = described(endpoint, self.title, form)
        headers = {**HEADERS, "Cache-Control": _FRESH}
        return Response(content, headers=headers, media_type=form.content_type)

    async def _evaluated(self, request: Request, asked: Operation, form: Form) -> Response:
        version = self.pool.version
        key = (asked.text, form.name, repr(asked.graphs))
        is_constant = not _VARYING.search(asked.text)
        tag = _tag(version, *key) if is_constant else ""
        known = ",".join(request.headers.getlist("if-none-match"))
        if tag and request.method != "POST" and _matches(known, tag):
            return Response(status_code=304, headers=_headers(tag))
        name = coding(_joined(request, "accept-encoding"))
        kept = self.cache.get((version, *key)) if is_constant else None
        if kept is not None:
            return _whole(kept, name)
        running = self.pool.submit(Task(asked.text, form.name, asked.graphs))
        try:
            if not await _begun(running, request):
                running.give_up()
                return Response(status_code=499)  # nobody is there to read it
            spool = running.spool
            tag = _tag(spool.version, *key) if is_constant else ""
            if not spool.is_whole or spool.size > self.limits.cached_answer:
                stalled = self.limits.stalled_seconds
                return _Streamed(running, form.content_type, tag, name, stalled)
            content = b"".join([chunk async for chunk in spool.chunks()])
        except Broken as error:
            running.give_up()
            raise _error(error.fault) from error
        kept = Kept(content, form.content_type, tag)
        if is_constant:
            self.cache.put((spool.version, *key), kept)
        running.give_up()
        return _whole(kept, name)


class _Streamed(Response):
    """An answer that is sent as it comes. Where it breaks, the connection is closed.

    So no client takes half an answer for a whole one.
    """

    def __init__(
        self, running: Running, content_type: str, tag: str, name: str, stalled_seconds: float
    ) -> None:
        headers = _headers(tag)
        if name:
            headers["Content-Encoding"] = name
        super().__init__(headers=headers, media_type=content_type)
        del self.headers["content-length"]
        self._running = running
        self._name = name
        self._stalled_seconds = stalled_seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        sending = asyncio.create_task(self._send(scope, send))
        leaving = asyncio.create_task(_left(receive))
        try:
            await asyncio.wait({sending, leaving}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            leaving.cancel()
            sending.cancel()
            self._running.give_up()

    async def _send(self, scope: Scope, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
        chunks: AsyncIterator[bytes] = self._running.spool.chunks()
        if self._name:
            chunks = coded(chunks, self._name)
        try:
            async for chunk in chunks:
                if scope["method"] == "HEAD":
                    break
                async with asyncio.timeout(self._stalled_seconds):
                    await send({"type": "http.response.body", "body": chunk, "more_body": True})
        except (Broken, TimeoutError):
            return  # without the end of the body, so that the server closes the connection
        await send({"type": "http.response.body", "body": b"", "more_body": False})


def refused(error: KgpubError) -> Response:
    """Return what is wrong with a request, as text that a person reads in a terminal."""
    status = error.status if isinstance(error, RequestError) else 400
    headers = {**HEADERS, "Cache-Control": "no-store"}
    if status == 503:
        headers["Retry-After"] = _RETRY_SECONDS
    return PlainTextResponse(f"{error}\n", status, headers)


def _error(fault: Fault) -> RequestError:
    status = 400 if fault.is_query else 503
    return RequestError(status, fault.message, fault.remedy, fault.excerpt)


async def _begun(running: Running, request: Request) -> bool:
    """Wait for the beginning of an answer; return whether the client is still there."""
    beginning = asyncio.create_task(running.spool.begun())
    leaving = asyncio.create_task(_left(request.receive))
    try:
        await asyncio.wait({beginning, leaving}, return_when=asyncio.FIRST_COMPLETED)
        if beginning.done():
            beginning.result()
            return True
        return False
    finally:
        leaving.cancel()
        beginning.cancel()


async def _left(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _joined(request: Request, name: str) -> str:
    """Return a header that may stand in several lines (RFC 9110, section 5.3). Raises RequestError.

    To read its preferences takes time that grows faster than its length.
    """
    value = ", ".join(request.headers.getlist(name))
    if len(value) > _MAX_PREFERENCES:
        raise RequestError(431, f"{name} has more than {_MAX_PREFERENCES:,} characters")
    return value


def _whole(kept: Kept, name: str) -> Response:
    headers, content = _headers(kept.tag), kept.content
    if name and len(content) >= _WORTH_CODING:
        coder = CODERS[name]()
        content = coder.code(content) + coder.end()
        headers["Content-Encoding"] = name
    return Response(content, headers=headers, media_type=kept.content_type)


def _headers(tag: str) -> dict[str, str]:
    if not tag:
        return {**HEADERS, "Cache-Control": "no-store"}
    return {**HEADERS, "Cache-Control": _FRESH, "ETag": tag}


def _tag(*parts: str) -> str:
    """Return an entity tag. It is weak: codings of one answer share it."""
    digest = hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass"))
    return f'W/"{digest.hexdigest()[:32]}"'


def _matches(header: str, tag: str) -> bool:
    opaque = tag.removeprefix("W/")
    return any(each.strip().removeprefix("W/") == opaque for each in header.split(","))
