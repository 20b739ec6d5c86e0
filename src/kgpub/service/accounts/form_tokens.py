"""What a form of this site carries, and one of another site cannot know."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Callable

_PURPOSE = b"kgpub form"
_BYTES = hashlib.sha256().digest_size
_LENGTH = 2 * _BYTES


def form_token(key: bytes, random: Callable[[int], bytes]) -> str:
    """Return the token for whoever `key` belongs to; `random` gives so many random bytes.

    It reads otherwise each time: of a page that is compressed and shows what others choose, the
    length would tell a text that is always the same (BREACH).
    """
    pad = random(_BYTES)
    return base64.urlsafe_b64encode(pad + _combined(pad, _of(key))).decode().rstrip("=")


def is_form_token(text: str, key: bytes) -> bool:
    """Whether `text` is a token that was made with this key."""
    try:
        content = base64.b64decode(text.encode("ascii") + b"==", b"-_", validate=True)
    except (ValueError, binascii.Error):
        return False
    if len(content) != _LENGTH:
        return False
    return hmac.compare_digest(_combined(content[:_BYTES], content[_BYTES:]), _of(key))


def _of(key: bytes) -> bytes:
    return hmac.digest(key, _PURPOSE, "sha256")


def _combined(one: bytes, other: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(one, other, strict=True))
