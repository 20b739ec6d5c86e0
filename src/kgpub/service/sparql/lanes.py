"""Queries on their way through the workers: quick ones in one lane, those that take long beside."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum, auto

from kgpub.service.errors import RETRY, RequestError
from kgpub.service.sparql.limits import QueryLimits
from kgpub.service.sparql.process import Home, Process
from kgpub.service.sparql.spool import Spool, Storage
from kgpub.service.sparql.wire import DATA, END, FORM, Fault, Task

_LOG = logging.getLogger(__name__)
_RETRY = "Try again in some seconds."
_BUSY = Fault("too many long queries at once", _RETRY, status=503, is_passing=True)
_GIVEN_UP = Fault("the query was given up", _RETRY, status=503)
_CLOSING = Fault("the server is being shut down", _RETRY, status=503, is_passing=True)
_LOST = Fault(
    "the query needed more memory than it may have, or ended its process in another way",
    "Ask for less.",
    status=503,
)
_TOO_LONG = Fault("the answer is larger than what is sent", "Ask for less, by LIMIT.", status=503)


class Outcome(IntEnum):
    """How queries end."""

    ANSWERED = auto()
    MISTAKEN = auto()
    """The query is at fault."""
    REFUSED = auto()
    """There were too many."""
    LATE = auto()
    LOST = auto()
    """The process ended, as for want of memory."""
    LARGE = auto()
    GIVEN_UP = auto()
    """The client left."""


class _State(IntEnum):
    WAITING = auto()
    QUICK = auto()
    PARKED = auto()
    SLOW = auto()
    OVER = auto()


_UNDER_WAY = (_State.WAITING, _State.QUICK, _State.PARKED, _State.SLOW)
_TOO_SOON_SECONDS = 0.1
_LOOKS = 4
"""At the clock, in the time that a quick query may take."""


@dataclass(eq=False)
class _Evaluation:
    """One query. As a listener it keeps what its process tells."""

    task: bytes
    spool: Spool
    most: int
    over: Callable[[_Evaluation, Outcome, Fault | None], None]
    astray: Callable[[_Evaluation], None]
    late_at: float
    slow_at: float
    """Until it is evaluated: when it is told that it takes long. Seconds of the loop's clock."""
    state: _State = _State.WAITING
    process: Process | None = None
    is_second: bool = False
    """Whether it has been begun before."""

    def received(self, kind: bytes, content: bytes) -> None:
        """See Listener."""
        if kind == DATA:
            if self.spool.size + len(content) > self.most:
                self.over(self, Outcome.LARGE, _TOO_LONG)
                return
            fault = self.spool.write(content)
            if fault is not None:
                self.over(self, Outcome.REFUSED, fault)
        elif kind == FORM:
            self.spool.form = content.decode("ascii")
        elif kind == END:
            self.over(self, Outcome.ANSWERED, None)
        else:
            fault = Fault.from_bytes(content)
            if fault.detail:
                _LOG.error("a query cannot be evaluated: %s", fault.detail)
            outcome = Outcome.MISTAKEN if fault.is_of_query else Outcome.LOST
            self.over(self, outcome, fault)

    def lost(self) -> None:
        """See Listener."""
        self.astray(self)


_REUSABLE = (Outcome.ANSWERED, Outcome.MISTAKEN)


class Lanes:
    """Brings queries and processes together; `retire` ends a process, `lack` asks for new ones.

    A query that nobody waits for any more is left to its process while it may still be a quick one:
    to start another would take longer.
    """

    def __init__(
        self,
        limits: QueryLimits,
        storage: Storage,
        retire: Callable[[Process], None],
        lack: Callable[[], None],
    ) -> None:
        self._limits = limits
        self._retire = retire
        self._lack = lack
        self._idle: list[Process] = []
        self._home: Home | None = None
        self._in: dict[_State, dict[_Evaluation, None]] = {state: {} for state in _State}
        self._is_closed = False
        self._is_watching = False
        self.storage = storage
        self.outcomes: Counter[Outcome] = Counter()
        self.slowed = 0
        """How many queries have not been quick ones."""

    @property
    def lacking(self) -> int:
        """How many processes should be started."""
        limits = self._limits
        return limits.quick + limits.spare - len(self._idle) - self.quick

    @property
    def waiting(self) -> int:
        """How many queries wait."""
        return len(self._in[_State.WAITING])

    @property
    def quick(self) -> int:
        """How many queries are evaluated that may be quick ones."""
        return len(self._in[_State.QUICK])

    @property
    def slow(self) -> int:
        """How many queries that take long are evaluated."""
        return len(self._in[_State.SLOW])

    @property
    def parked(self) -> int:
        """How many queries that take long stand still."""
        return len(self._in[_State.PARKED])

    @property
    def idle(self) -> int:
        """How many processes have nothing to do."""
        return len(self._idle)

    @property
    def is_full(self) -> bool:
        """Whether no query is taken."""
        return self._is_closed or self.waiting >= self._limits.waiting

    def begin(self, task: Task) -> Running:
        """Start to evaluate a query. Raises RequestError where too many wait."""
        if self.is_full:
            self.outcomes[Outcome.REFUSED] += 1
            raise RequestError(503, "too many queries at once", _RETRY, headers=RETRY)
        spool = Spool(self.storage)
        now = asyncio.get_running_loop().time()
        evaluation = _Evaluation(
            task.to_bytes(),
            spool,
            self._limits.answer,
            self._over,
            self._go_astray,
            now + self._limits.seconds,
            now + self._limits.quick_seconds,
        )
        self._put(evaluation, _State.WAITING)
        self._dispatch()
        self._watch()
        return Running(spool, evaluation, self)

    def give_up(self, evaluation: _Evaluation) -> None:
        """Let nobody wait for a query."""
        evaluation.spool.close()
        if evaluation.state is not _State.QUICK:
            self._over(evaluation, Outcome.GIVEN_UP, _GIVEN_UP)

    def serve(self, processes: list[Process], home: Home) -> None:
        """Have these idle processes, and from now on none from another home."""
        before, self._idle = self._idle, [each for each in processes if not each.has_ended]
        self._home = home
        for process in before:
            self._retire(process)
        self._dispatch()

    def add(self, process: Process) -> None:
        """Have one more idle process."""
        is_current = process.home is self._home
        if is_current and not self._is_closed and not process.has_ended:
            self._idle.append(process)
            self._dispatch()
        else:
            self._retire(process)

    def lose(self, process: Process) -> None:
        """Have a process no more that has ended while it had nothing to do."""
        if process in self._idle:
            self._idle.remove(process)
        self._retire(process)
        self._dispatch()

    def close(self) -> None:
        """End all queries, and take no more."""
        self._is_closed = True
        for state in _UNDER_WAY:
            for evaluation in list(self._in[state]):
                self._over(evaluation, Outcome.GIVEN_UP, _CLOSING)

    def _put(self, evaluation: _Evaluation, state: _State) -> None:
        self._in[evaluation.state].pop(evaluation, None)
        evaluation.state = state
        if state is not _State.OVER:
            self._in[state][evaluation] = None

    def _watch(self) -> None:
        """Look at the clock now and then, as long as there are queries.

        A timer for each query would take as long as much of the rest.
        """
        if not self._is_watching:
            self._is_watching = True
            loop = asyncio.get_running_loop()
            loop.call_later(self._limits.quick_seconds / _LOOKS, self._look)

    def _look(self) -> None:
        self._is_watching = False
        now = asyncio.get_running_loop().time()
        for state in _UNDER_WAY:
            for evaluation in list(self._in[state]):
                if now >= evaluation.late_at:
                    self._be_late(evaluation)
                elif state is _State.QUICK and now >= evaluation.slow_at:
                    self._be_slow(evaluation)
                elif state is _State.WAITING and now >= evaluation.slow_at:
                    evaluation.spool.wake()
        if any(self._in[state] for state in _UNDER_WAY):
            self._watch()

    def _dispatch(self) -> None:
        while self.waiting and self._idle and self.quick < self._limits.quick:
            process = self._idle.pop()
            evaluation = next(iter(self._in[_State.WAITING]))
            self._put(evaluation, _State.QUICK)
            evaluation.process = process
            evaluation.spool.version = process.home.version
            evaluation.slow_at = asyncio.get_running_loop().time() + self._limits.quick_seconds
            process.evaluate(evaluation.task, evaluation)
        if self.lacking > 0 and not self._is_closed:
            self._lack()

    def _be_slow(self, evaluation: _Evaluation) -> None:
        process = evaluation.process
        assert process is not None
        self.slowed += 1
        if evaluation.spool.is_closed:
            self._over(evaluation, Outcome.GIVEN_UP, _GIVEN_UP)
            return
        process.slow_down()
        evaluation.spool.wake()
        if self.slow < self._limits.slow:
            self._put(evaluation, _State.SLOW)
        elif self.parked < self._limits.parked:
            process.pause()
            self._put(evaluation, _State.PARKED)
        else:
            self._over(evaluation, Outcome.REFUSED, _BUSY)
            return
        self._dispatch()

    def _go_astray(self, evaluation: _Evaluation) -> None:
        """End a query whose process has ended, or begin it anew where that may not be its doing.

        As where others have killed a process that was idle. To take much memory takes longer.
        """
        begun_at = evaluation.slow_at - self._limits.quick_seconds
        is_new = asyncio.get_running_loop().time() < begun_at + _TOO_SOON_SECONDS
        process = evaluation.process
        is_done = bool(evaluation.spool.size) or evaluation.is_second or self._is_closed
        if process is None or is_done or not is_new:
            self._over(evaluation, Outcome.LOST, _LOST)
            return
        evaluation.process, evaluation.is_second = None, True
        self._put(evaluation, _State.WAITING)
        self._retire(process)
        self._dispatch()

    def _be_late(self, evaluation: _Evaluation) -> None:
        message = f"the query took longer than {self._limits.seconds:g} seconds"
        fault = Fault(message, "Ask for less, or in several queries.", status=503)
        self._over(evaluation, Outcome.LATE, fault)

    def _over(self, evaluation: _Evaluation, outcome: Outcome, fault: Fault | None) -> None:
        """End a query, and let others have its place."""
        state, process = evaluation.state, evaluation.process
        if state is _State.OVER:
            return
        self._put(evaluation, _State.OVER)
        self.outcomes[outcome] += 1
        evaluation.spool.end(fault)
        if process is not None:
            is_current = process.home is self._home
            if state is _State.QUICK and outcome in _REUSABLE and is_current:
                process.be_idle()
                self._idle.append(process)
            else:  # a lowered priority cannot be raised again
                self._retire(process)
        while self.parked and self.slow < self._limits.slow:
            first = next(iter(self._in[_State.PARKED]))
            self._put(first, _State.SLOW)
            assert first.process is not None
            first.process.go_on()
        self._dispatch()


@dataclass(frozen=True)
class Running:
    """A query that is evaluated: its answer, and how to give it up."""

    spool: Spool
    _evaluation: _Evaluation
    _lanes: Lanes

    def give_up(self) -> None:
        """Forget the answer, and end the evaluation if it still goes on."""
        self._lanes.give_up(self._evaluation)
