"""Tells of what becomes of submissions: webhooks, and the audit log.

Of the processes that serve one workspace one does it at a time: whoever holds the lock.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from filelock import FileLock, Timeout

from kgpub.errors import KgpubError
from kgpub.submissions.audit import Audit
from kgpub.submissions.kept import Queue
from kgpub.submissions.outbox import Message, Outbox
from kgpub.submissions.posting import Answered, NotSent, Posting
from kgpub.submissions.submission import Event
from kgpub.submissions.webhooks import Links, Webhook, headers, payload

_LOG = logging.getLogger(__name__)
LOCK = "notifications.lock"
_AUDIT = "audit"
_AT_ONCE = 100
"""Events, or messages, that are looked at together."""
_MINUTE, _HOUR = 60.0, 3600.0
_LONGEST_PAUSE = 5 * _MINUTE


@dataclass(frozen=True)
class Pace:
    """How often the queue is looked at, and after how many seconds a message is tried again.

    `fault_seconds` is how long it rests where its own files cannot be read or written. After the
    last of `delays` a message is given up, some three days after the event.
    """

    look_seconds: float = 1.0
    fault_seconds: float = 30.0
    delays: tuple[float, ...] = (
        *(5.0, _MINUTE, 5 * _MINUTE, 30 * _MINUTE),
        *(_HOUR, 2 * _HOUR, 5 * _HOUR, 10 * _HOUR, 14 * _HOUR, 20 * _HOUR, 20 * _HOUR),
    )
    spread: float = 0.2
    """By which part of itself a delay may be longer, so that not all come at once."""

    def pause(self, failures: int) -> float:
        """Return for how many seconds a webhook is left alone after so many failures and one."""
        return min(self.delays[min(failures, len(self.delays) - 1)], _LONGEST_PAUSE)


@dataclass(frozen=True)
class Notifier:
    """Tells of the events of a queue, in the workspace whose state lies in `folder`.

    `now` is the time, `random` gives numbers from 0 to 1.
    """

    folder: Path
    queue: Queue
    outbox: Outbox
    audit: Audit
    webhooks: Sequence[Webhook]
    posting: Posting
    links: Links
    now: Callable[[], datetime]
    random: Callable[[], float]
    pace: Pace = Pace()

    async def run(self) -> None:
        """Tell of what happens, while this process is the one that does; until it is cancelled."""
        while True:
            rest = self.pace.look_seconds
            try:
                with self._turn():
                    await self._tell()
            except Timeout:
                pass
            except (KgpubError, OSError) as error:
                _LOG.error("submissions are not told of at the moment: %s", error)
                rest = self.pace.fault_seconds
            await asyncio.sleep(rest)

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """Hold the lock. Raises Timeout where another process does, OSError."""
        self.folder.mkdir(parents=True, exist_ok=True)
        # The system gives it back when a process ends, however that comes.
        with FileLock(self.folder / LOCK, timeout=0):
            yield

    async def _tell(self) -> None:
        """Follow the queue, and send to each webhook at its own pace. Raises StoreError."""
        identity = await asyncio.to_thread(self._begun)
        tasks = [asyncio.create_task(self._follow())]
        tasks += [asyncio.create_task(self._send(each, identity)) for each in self.webhooks]
        try:
            await asyncio.gather(*tasks)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    def _begun(self) -> str:
        """Have each reader begin: the audit log with all events, a new webhook with those to come.

        Returns what the messages of this workspace are known by.
        """
        last = next((event.number for event in self.queue.latest(1)), 0)
        self.outbox.keep_only([_AUDIT, *(each.name for each in self.webhooks)])
        self.outbox.position(_AUDIT, 0)
        for each in self.webhooks:
            self.outbox.position(each.name, last)
        return self.outbox.identity

    async def _follow(self) -> None:
        while True:
            is_more = await asyncio.to_thread(self._taken)
            if not is_more:
                await asyncio.sleep(self.pace.look_seconds)

    def _taken(self) -> bool:
        """Take events into the audit log and the outbox; return whether there may be more."""
        is_more = False
        after = self.outbox.position(_AUDIT, 0)
        events = self.queue.events(after, _AT_ONCE)
        for event in events:
            _note(self.audit, event)
        if events:
            self.outbox.take(_AUDIT, events[-1].number)
            is_more = len(events) == _AT_ONCE
        for webhook in self.webhooks:
            after = self.outbox.position(webhook.name, 0)
            events = self.queue.events(after, _AT_ONCE)
            wanted = [event.number for event in events if webhook.wants(event)]
            if events:
                self.outbox.take(webhook.name, events[-1].number, wanted)
                is_more = is_more or len(events) == _AT_ONCE
        return is_more

    async def _send(self, webhook: Webhook, identity: str) -> None:
        """Send what is due to a webhook, one after the other.

        Where one fails, the others wait a while: most likely they would fail too. They do not wait
        until it has arrived, for it may be the one that the receiver cannot take.
        """
        failures = 0
        while True:
            rest = self.pace.look_seconds
            for message in await asyncio.to_thread(self.outbox.due, webhook.name, _AT_ONCE):
                if not await self._sent(webhook, message, identity):
                    rest = max(rest, self.pace.pause(failures))
                    failures += 1
                    break
                failures = 0
            await asyncio.sleep(rest)

    async def _sent(self, webhook: Webhook, message: Message, identity: str) -> bool:
        """Send a message; return whether it was taken. What was not is tried again, or given up."""
        [event] = await asyncio.to_thread(self.queue.events, message.event - 1, 1)
        body = payload(event, self.links)
        id_ = f"msg_{identity}_{message.event}"
        try:
            signed = headers(id_, self.now(), body, [webhook.secret])
            answered = await self.posting.post(webhook.url, body, signed)
            why = f"it answers {answered.status}"
        except NotSent as error:
            answered, why = Answered(0), str(error)
        if answered.is_taken:
            await asyncio.to_thread(self.outbox.over, message)
            return True
        _LOG.warning("%s was not told of event %d: %s", webhook.name, message.event, why)
        await asyncio.to_thread(self._again, message, answered)
        return False

    def _again(self, message: Message, answered: Answered) -> None:
        """Have a message tried again later, if there is still a time for it."""
        if message.attempts >= len(self.pace.delays) or answered.status == 410:
            self.audit.note(
                "webhook-given-up", {"webhook": message.reader, "number": message.event}
            )
            self.outbox.over(message)
            return
        delay = self.pace.delays[message.attempts]
        delay *= 1 + self.pace.spread * self.random()
        least = min(answered.retry_after, self.pace.delays[-1])
        self.outbox.again(message, self.now() + timedelta(seconds=max(delay, least)))


def _note(audit: Audit, event: Event) -> None:
    values: dict[str, str | int] = {
        "submission": event.submission,
        "number": event.number,
        "account": event.by.id,
        "name": event.by.name,
        "revision": event.revision,
        "shapes": event.shapes,
        "file": event.file,
    }
    audit.note(f"submission-{event.action.value}", values, event.at)
