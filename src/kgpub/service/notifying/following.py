"""Webhooks and the audit log, as the settings of a workspace have them."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import anyio

from kgpub.settings import Notifying, secret_in
from kgpub.submissions.audit import Audit
from kgpub.submissions.kept import Queue
from kgpub.submissions.notifying import Notifier, Pace
from kgpub.submissions.outbox import Outbox
from kgpub.submissions.posting import Posting
from kgpub.submissions.webhooks import Links, Webhook, secret_of

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
    posting = Posting(frozenset(settings.internal_hosts))
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
    """Have a notifier run while the block does; None does nothing."""
    async with anyio.create_task_group() as tasks:
        if found is not None:
            tasks.start_soon(found.run)
        yield
        tasks.cancel_scope.cancel()
