"""A token: a secret that says who asks, and what it is kept as.

It reads `kgpub_ID_SECRET`, in the alphabet of base32 in lower case: an identifier of 40 bits and
256 random bits. The beginning is there for programs that look for leaked secrets.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

_ID_BYTES = 5
_SECRET_BYTES = 32
_TEXT = re.compile(r"kgpub_([a-z2-7]{8})_[a-z2-7]{52}")
_LEAK = re.compile(r"kgpub_[A-Za-z0-9_]{9,}")
HIDDEN = "kgpub_…"
_NONE = "0" * 64


class Scope(StrEnum):
    """What a token allows."""

    update = "update"
    submit = "submit"
    review = "review"
    metrics = "metrics"


@dataclass(frozen=True)
class Token:
    """What is kept of a token. `digest` is the SHA-256 of its text, in hexadecimal.

    `expires` is the moment from which on it holds no more, None for never.
    """

    id: str
    name: str
    scopes: frozenset[Scope]
    created: datetime
    expires: datetime | None
    digest: str

    def holds(self, now: datetime) -> bool:
        """Whether it is valid at the moment `now`."""
        return self.expires is None or now < self.expires


def minted(random: Callable[[int], bytes]) -> tuple[str, str, str]:
    """Return a new token's text, identifier and digest; `random` gives so many random bytes."""
    id_, secret = _base32(random(_ID_BYTES)), _base32(random(_SECRET_BYTES))
    text = f"kgpub_{id_}_{secret}"
    return text, id_, digest_of(text)


def digest_of(text: str) -> str:
    """Return what a token is kept as.

    It holds 256 random bits: there is nothing to guess, so nothing that a slow hash would slow.
    """
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def found(text: str, tokens: Iterable[Token]) -> Token | None:
    """Return the token whose text this is. How long it takes tells nothing of the digests."""
    match = _TEXT.fullmatch(text)
    if match is None:
        return None
    digest = digest_of(text)
    of_id = [token for token in tokens if token.id == match[1]]
    equal = [hmac.compare_digest(token.digest, digest) for token in of_id]
    if not of_id:
        hmac.compare_digest(_NONE, digest)  # an unknown identifier takes the same time
    return next((token for token, is_it in zip(of_id, equal, strict=True) if is_it), None)


def without_tokens(text: str) -> str:
    """Return `text` with all that may be a token, or part of one, replaced by HIDDEN."""
    return _LEAK.sub(HIDDEN, text) if "kgpub_" in text else text


def _base32(content: bytes) -> str:
    return base64.b32encode(content).decode("ascii").rstrip("=").lower()
