"""Slugs, and how a message shows what somebody wrote in place of one."""

from __future__ import annotations

import re

from kgpub.messages import Message

SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
MAX_SLUG = 100
"""Characters of a slug."""

RESERVED = ("id", "type")
"""What would be a slug but means a keyword to JSON-LD (JSON-LD 1.1 API, section 5.2, step 5)."""

MAX_QUOTED = 80
"""Characters of a value that a message quotes."""


class ValueProblem(ValueError):
    """A value does not fit its key."""

    def __init__(self, message: Message, remedy: Message) -> None:
        super().__init__(message, remedy)
        self.message = message
        self.remedy = remedy


def quoted(text: str) -> str:
    """Show a text of unknown origin: cut, and what cannot be seen written as its escape."""
    return repr(text if len(text) <= MAX_QUOTED else f"{text[:MAX_QUOTED]}…")


def suggested_slug(text: str) -> str:
    """Return the slug nearest to `text`, or an empty string where no letter is ASCII."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:MAX_SLUG].rstrip("-")


def is_slug(text: str) -> bool:
    """Tell whether `text` is a slug: a-z, 0-9 and single hyphens, MAX_SLUG characters at most."""
    return len(text) <= MAX_SLUG and SLUG.fullmatch(text) is not None


def check_slug(text: str) -> str:
    """Return `text` if it is a slug. Raises ValueProblem."""
    if text in RESERVED:
        raise ValueProblem(
            Message("slug-reserved", value=quoted(text)),
            Message("slug-reserved-remedy", value=text),
        )
    if is_slug(text):
        return text
    suggestion = suggested_slug(text)
    remedy = (
        Message("slug-form-suggestion", limit=MAX_SLUG, suggestion=suggestion)
        if suggestion
        else Message("slug-form", limit=MAX_SLUG)
    )
    raise ValueProblem(Message("slug-invalid", value=quoted(text)), remedy)
