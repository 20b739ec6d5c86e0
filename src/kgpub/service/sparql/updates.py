"""Updates by those with a token: one at a time, each in a process of its own."""

from __future__ import annotations

import asyncio
import json
import logging
import secrets
import sys
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from starlette.requests import Request

from kgpub.errors import StoreError
from kgpub.service.errors import RETRY, RequestError
from kgpub.service.sparql.endpoint import Updating
from kgpub.service.sparql.protocol import Operation
from kgpub.service.sparql.updating import Order, Report
from kgpub.service.sparql.wire import Fault
from kgpub.service.tokens.admission import Admission
from kgpub.service.tokens.token import Scope, Token
from kgpub.store.embedded import Generations
from kgpub.store.queries import Graphs
from kgpub.store.updates.evaluation import ChangeLimits

_LOG = logging.getLogger(__name__)
_PROCESS = "kgpub.service.sparql.updating"
_LATER = "Try again later."
_LOST = Fault(
    "the update needed more memory than it may have, or ended its process in another way",
    "Change less at once.",
    status=503,
)


@dataclass(frozen=True)
class UpdateLimits:
    """Bounds that are settings.

    `text` are bytes of an update, of which a request can have no more than of a query; `seconds` is
    how long it may take, `wait_seconds` how long it may wait for other updates and for a build to
    end, and `waiting` how many may. `memory` are bytes that it may take, `stored` bytes that the
    graphs of all updates may have, as N-Quads. For `quads`, `added` and `solutions` see
    ChangeLimits.
    """

    text: int = 2**20
    seconds: float = 60.0
    wait_seconds: float = 10.0
    waiting: int = 16
    memory: int = 1024 * 2**20
    stored: int = 64 * 2**20
    quads: int = ChangeLimits.quads
    added: int = ChangeLimits.bytes
    solutions: int = ChangeLimits.solutions

    @property
    def changes(self) -> ChangeLimits:
        """What one update may change."""
        return ChangeLimits(self.quads, self.added, self.solutions)


DEFAULT_UPDATE_LIMITS = UpdateLimits()


@dataclass(frozen=True)
class Updates:
    """Updates of the store in `generations`, below the folder `state` with the workspace's lock.

    `served` returns once what is published now is what queries are answered from; it raises OSError
    or StoreError where that cannot be. `now` is the time. `audit` is given a line of JSON for each
    update: who, when, and which graphs; never its text.
    """

    generations: Generations
    state: Path
    base: str
    prefixes: Mapping[str, str]
    served: Callable[[], Awaitable[None]]
    now: Callable[[], datetime]
    audit: Callable[[str], object]
    limits: UpdateLimits = DEFAULT_UPDATE_LIMITS
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    _waiting: set[object] = field(default_factory=set)

    async def apply(self, text: str, graphs: Graphs | None, holder: Token) -> None:
        """Carry out an update; when it returns, the update is on disk and is served.

        `graphs` is the dataset that the request gives beside the text. Raises RequestError.
        """
        size = len(text.encode())
        told: dict[str, object] = {"event": "update", "token": holder.id, "bytes": size}
        told["at"] = self.now().isoformat()
        try:
            if size > self.limits.text:
                raise RequestError(413, f"the update has more than {self.limits.text:,} bytes")
            report = await self._in_turn(text, graphs)
        except RequestError as error:
            self.audit(json.dumps({**told, "status": error.status}))
            raise
        changed = {"graphs": report.graphs, "more_graphs": report.more}
        self.audit(json.dumps({**told, "status": 204, **changed}))

    async def _in_turn(self, text: str, graphs: Graphs | None) -> Report:
        """Carry out an update when those before it are done."""
        if len(self._waiting) > self.limits.waiting:
            raise RequestError(503, "too many updates at once", _LATER, headers=RETRY)
        place = object()
        self._waiting.add(place)
        try:
            try:
                async with asyncio.timeout(self.limits.wait_seconds):
                    await self._turn.acquire()
            except TimeoutError as error:
                message = "other updates take too long"
                raise RequestError(503, message, _LATER, headers=RETRY) from error
            try:
                return await self._carried_out(text, graphs)
            finally:
                self._turn.release()
        finally:
            self._waiting.discard(place)

    async def _carried_out(self, text: str, graphs: Graphs | None) -> Report:
        limits = self.limits
        order = Order(
            text=text,
            graphs=graphs,
            store=str(self.generations.folder),
            lock=str(self.state),
            base=self.base,
            prefixes=dict(self.prefixes),
            mark=secrets.token_hex(16),
            changes=limits.changes,
            stored=limits.stored,
            memory=limits.memory,
            lock_seconds=limits.wait_seconds,
        )
        report = await self._ordered(order)
        if report.fault is not None:
            fault = report.fault
            if fault.detail:
                _LOG.error("an update cannot be carried out: %s", fault.detail)
            headers = RETRY if fault.is_passing else {}
            raise RequestError(fault.status, fault.message, fault.remedy, fault.excerpt, headers)
        return report

    async def _ordered(self, order: Order) -> Report:
        """Return what a process has made of an order, once that is on disk and served."""
        fault = _LOST
        told = b""
        try:
            told = await self._told(order)
        except TimeoutError:
            message = f"the update took longer than {self.limits.seconds:g} seconds"
            fault = Fault(message, "Change less at once.", status=503)
        report = _read(told)
        if report is None:
            # It may have been published just before the process ended.
            is_done = await asyncio.to_thread(self.generations.is_marked, order.mark)
            report = Report(None if is_done else fault, {}, 0)
        if report.fault is None:
            await self._be_served()
        return report

    async def _told(self, order: Order) -> bytes:
        """Return what a process says that carries out an order. Raises TimeoutError."""
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-P", "-m", _PROCESS),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,  # where Rust tells how a process ended
        )
        try:
            async with asyncio.timeout(self.limits.seconds + self.limits.wait_seconds):
                told, _ = await process.communicate(order.to_bytes())
                return told
        finally:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()

    async def _be_served(self) -> None:
        try:
            await self.served()
        except (OSError, StoreError) as error:
            _LOG.error("an update is not served: %s", error)
            raise RequestError(
                503, "the update is done, but not served yet", "Do not send it again."
            ) from error


def _read(told: bytes) -> Report | None:
    try:
        return Report.from_bytes(told)
    except ValueError:
        return None


def by_token(updates: Updates, admission: Admission) -> Updating:
    """Return what carries out updates of those whose token allows it."""

    async def carry_out(request: Request, asked: Operation) -> None:
        holder = admission.admitted(request, Scope.update)
        await updates.apply(asked.text, asked.graphs, holder)

    return carry_out
