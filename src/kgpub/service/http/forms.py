"""Which form of an answer is preferred (RFC 9110, section 12.5.1)."""

from __future__ import annotations

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


def preferred(offered: Sequence[Offered], accept: str) -> Offered | None:
    """Return the form that the value of a header Accept prefers, None where it accepts none.

    The first of them where the value says nothing, or prefers none to the others.
    """
    if not accept.strip():
        return offered[0]
    accepted = parse_accept_header(accept, MIMEAccept)
    best = max(offered, key=lambda form: _preference(form, accepted))
    return best if any(_preference(best, accepted)) else None


def _preference(form: Form, accepted: MIMEAccept) -> tuple[float, float]:
    """Return how much a form is preferred, and how much by its own name."""
    own, *others = form.media_types
    quality = accepted.quality(own)
    if accepted.find(own) >= 0 and not quality:
        return 0, 0  # it is refused, whatever else it may be called
    return max(quality, *(accepted.quality(each) for each in others), 0), quality
