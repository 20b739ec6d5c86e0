"""Grounding: words ↔ the exact passage of an article where they stand.

`ground` and `relocate` return a `Passage`, or an `Ungrounded` that says why there is none;
`describe` puts that into words.
"""

from kgpub.grounding.characters import Kind
from kgpub.grounding.description import Description, describe
from kgpub.grounding.occurrence import ground, relocate
from kgpub.grounding.outcome import (
    Absent,
    Blank,
    Difference,
    Inexact,
    Nearest,
    Occurrence,
    OutOfRange,
    Repeated,
    Ungrounded,
)

__all__ = [
    "Absent",
    "Blank",
    "Description",
    "Difference",
    "Inexact",
    "Kind",
    "Nearest",
    "Occurrence",
    "OutOfRange",
    "Repeated",
    "Ungrounded",
    "describe",
    "ground",
    "relocate",
]
