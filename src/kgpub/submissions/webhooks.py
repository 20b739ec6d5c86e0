"""Webhooks: what they are told, and how a message is signed (Standard Webhooks 1.0.0)."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from kgpub.errors import WorkspaceError
from kgpub.settings.notifying import Told
from kgpub.submissions.submission import Action, Event
from kgpub.submissions.transitions import AFTER

KINDS: Mapping[Action, Told] = {
    Action.received: "received",
    Action.revised: "received",
    Action.asked_changes: "decided",
    Action.edited: "decided",
    Action.accepted: "decided",
    Action.rejected: "decided",
    Action.withdrawn: "decided",
    Action.refused: "decided",
    Action.published: "published",
}
"""What an event is told as."""
_PREFIX = "whsec_"
_LEAST, _MOST = 24, 64
"""Bytes of a secret (Standard Webhooks, Signature scheme)."""


@dataclass(frozen=True)
class Webhook:
    """An address that is told of what is in `events`; messages are signed with `secret`."""

    url: str
    secret: bytes = field(repr=False)
    events: frozenset[Told]

    @property
    def name(self) -> str:
        """What it is known by: addresses may hold secrets."""
        return f"webhook {hashlib.sha256(self.url.encode()).hexdigest()[:16]}"

    def wants(self, event: Event) -> bool:
        """Whether it is to be told of an event."""
        return KINDS[event.action] in self.events


@dataclass(frozen=True)
class Links:
    """Where submissions are found: below `public`, scheme and host, or "" for paths alone."""

    public: str = ""

    def of(self, submission: str) -> dict[str, str]:
        """Return the addresses of a submission, for people and for programs."""
        return {
            "review": f"{self.public}/review/{submission}",
            "submission": f"{self.public}/api/submissions/{submission}",
        }


def secret_of(text: str, place: str) -> bytes:
    """Return the secret that `whsec_` and base64 write. Raises WorkspaceError."""
    try:
        secret = base64.b64decode(text.removeprefix(_PREFIX), validate=True)
    except (ValueError, binascii.Error):
        secret = b""
    if not (text.startswith(_PREFIX) and _LEAST <= len(secret) <= _MOST):
        message = f"{place}: is no secret of webhooks: {_PREFIX} and {_LEAST} to {_MOST} bytes"
        remedy = "Make one: echo whsec_$(openssl rand -base64 32)"
        raise WorkspaceError(f"{message} as base64", remedy)
    return secret


def payload(event: Event, links: Links) -> bytes:
    """Return what is told of an event: which submission, what became of it, where to look.

    Nothing of what was submitted, and nobody's name: whoever is told may be let in or not.
    """
    told = {
        "type": f"submission.{KINDS[event.action]}",
        "timestamp": event.at.astimezone(UTC).isoformat(timespec="milliseconds"),
        "data": {
            "submission": event.submission,
            "event": event.number,
            "action": event.action.value,
            "state": AFTER[event.action].value,
            "revision": event.revision,
            "links": links.of(event.submission),
        },
    }
    return json.dumps(told, separators=(",", ":")).encode()


def headers(id_: str, at: datetime, body: bytes, secrets: Sequence[bytes]) -> dict[str, str]:
    """Return the header fields of a message; `id_` is the same each time that it is sent."""
    seconds = str(int(at.timestamp()))
    signed = b".".join((id_.encode(), seconds.encode(), body))
    signatures = (base64.b64encode(hmac.digest(each, signed, "sha256")) for each in secrets)
    return {
        "Content-Type": "application/json",
        "webhook-id": id_,
        "webhook-timestamp": seconds,
        "webhook-signature": " ".join(f"v1,{each.decode()}" for each in signatures),
    }
