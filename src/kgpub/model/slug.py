"""Slugs, and how a message shows what somebody wrote in place of one."""

from __future__ import annotations

import re

SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
MAX_SLUG = 100
"""Characters of a slug."""

MAX_QUOTED = 80
"""Characters of a value that a message quotes."""


class ValueProblem(ValueError):
    """A value does not fit its key; `args` are the message and the remedy."""

    @property
    def message(self) -> str:
        return str(self.args[0])

    @property
    def remedy(self) -> str:
        return str(self.args[1])


def quoted(text: str) -> str:
    """Show a text of unknown origin: cut, and what cannot be seen written as its escape."""
    return repr(text if len(text) <= MAX_QUOTED else f"{text[:MAX_QUOTED]}…")


def suggested_slug(text: str) -> str:
    """Return the slug nearest to `text`, or an empty string where no letter is ASCII."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:MAX_SLUG]


def is_slug(text: str) -> bool:
    """Tell whether `text` is a slug: a-z, 0-9 and single hyphens, MAX_SLUG characters at most."""
    return len(text) <= MAX_SLUG and SLUG.fullmatch(text) is not None


def check_slug(text: str) -> str:
    """Return `text` if it is a slug. Raises ValueProblem."""
    if is_slug(text):
        return text
    suggestion = suggested_slug(text)
    remedy = f"A slug is made of a-z, 0-9 and single hyphens, {MAX_SLUG} characters at most"
    raise ValueProblem(
        f"{quoted(text)} cannot be a slug", remedy + (f": {suggestion}" if suggestion else ".")
    )
