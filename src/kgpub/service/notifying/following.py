"""Webhooks and the audit log, as the settings of a workspace have them."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

from kgpub.settings import Notifying, secret_in
from kgpub.submissions.audit import Audit
from kgpub.submissions.kept import Queue
from kgpub.submissions.notifying import Notifier, Pace
from kgpub.submissions.outbox import Outbox
from kgpub.submissions.posting import Posting
from kgpub.submissions.webhooks import Links, Webhook, secret_of

_LOG = logging.getLogger(__name__)
_PACE = Pace()


def notifier(
    root: Path, state: Path, settings: Notifying, public: str, queue: Queue, pace: Pace = _PACE
) -> Notifier:
    """Return what tells of the events of `queue`, in the workspace with the folder `root`.

    `public` is scheme and host as clients see them. Raises WorkspaceError where a secret cannot be
    read.
    """

    def now() -> datetime:
        return datetime.now(UTC)

    webhooks = [
        Webhook(
            each.url,
            secret_of(secret_in(root / each.secret_file), each.secret_file),
            frozenset(each.events),
        )
        for each in settings.webhooks
    ]
    posting = Posting(frozenset(map(str.lower, settings.internal_hosts)))
    return Notifier(
        state,
        queue,
        Outbox(state, now),
        Audit(state, now),
        webhooks,
        posting,
        Links(public),
        now,
        random.random,
        pace,
    )


@asynccontextmanager
async def following(found: Notifier | None) -> AsyncIterator[None]:
    """Have a notifier run while the block does; None does nothing.

    Should it end by a fault of its own, that is logged, and what is served is served all the same.
    """
    if found is None:
        yield
        return
    task = asyncio.create_task(found.run())
    task.add_done_callback(_over)
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait([task])


def _over(task: asyncio.Task[None]) -> None:
    error = None if task.cancelled() else task.exception()
    if error is not None:
        _LOG.error("submissions are told of no more", exc_info=error)
