"""Which form of an answer is preferred (RFC 9110, section 12.5.1)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Protocol, TypeVar

from werkzeug.datastructures import MIMEAccept
from werkzeug.http import parse_accept_header


class Form(Protocol):
    """A form of an answer."""

    @property
    def media_types(self) -> tuple[str, ...]:
        """What it is called; the first is its own name."""
        ...


Offered = TypeVar("Offered", bound=Form)


_MOST_RANGES = 50
_SPACES = re.compile(r"\s+")


def ranges(accept: str) -> MIMEAccept | None:
    """Return what the value of a header Accept says, None for nothing.

    Of more than 50 ranges the first count: to look each up takes time.
    """
    # To read a long run of spaces takes the square of its length.
    first = _SPACES.sub(" ", accept).strip().split(",", _MOST_RANGES)[:_MOST_RANGES]
    return parse_accept_header(",".join(first), MIMEAccept) if any(first) else None


def preferred(offered: Sequence[Offered], accept: str) -> Offered | None:
    """Return the form that the value of a header Accept prefers, see `preferred_of`."""
    return preferred_of(offered, ranges(accept))


def preferred_of(offered: Sequence[Offered], accepted: MIMEAccept | None) -> Offered | None:
    """Return the form that is preferred, None where none is accepted.

    The first of them where nothing is said, or none is preferred to the others.
    """
    if accepted is None:
        return offered[0]
    best = max(offered, key=lambda form: _preference(form, accepted))
    return best if any(_preference(best, accepted)) else None


def _preference(form: Form, accepted: MIMEAccept) -> tuple[float, float]:
    """Return how much a form is preferred, and how much by its own name."""
    own, *others = form.media_types
    quality = accepted.quality(own)
    if accepted.find(own) >= 0 and not quality:
        return 0, 0  # it is refused, whatever else it may be called
    return max(quality, *(accepted.quality(each) for each in others), 0), quality
