"""Where a fact is dated by a year that the words of its statement do not name.

It is told as a remark: words may say "the year after", and what looks like a year may be a number
of something else.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from unicodedata import decimal

from pyoxigraph import Literal, NamedNode

from kgpub.errors import Problem
from kgpub.messages import Message
from kgpub.model.sheets import place_of
from kgpub.model.submission import Placed
from kgpub.serialisation.line_feed import Term
from kgpub.vocabulary import terms as kg

_WORDS, _ASSERTS = NamedNode(kg.words), NamedNode(kg.asserts)
_DATES = frozenset(map(NamedNode, (kg.start, kg.end, kg.time)))
_PLAIN = re.compile(r"([0-9]{4})(?:-[0-9]{2}){0,2}")
"""A year, month or day of EDTF without anything that makes it open or uncertain."""
_YEAR = re.compile(
    r"(?<![0-9])(?<![0-9][.,٫٬])(?P<year>(?:1[89]|20)[0-9]{2})(?![.,٫٬]?[0-9])"
    r"(?:[-–/](?P<until>[0-9]{2})(?![0-9]))?"
)
"""What is a year to readers: of the calendar that EDTF has, and no part of a longer number. Of
2016-17 both are."""


def problems_of_years(asked: Iterable[Placed]) -> Iterator[Problem]:
    """Yield a remark for each plain date in the files `asked` about whose year nothing names.

    Nothing is told where a statement that asserts the fact names no year at all, or this one.
    """
    for part in asked:
        words: dict[Term, str] = {}
        asserting: dict[Term, list[Term]] = defaultdict(list)
        dated: list[tuple[Term, str, int]] = []
        for at, quad in enumerate(part.quads):
            if quad.predicate == _WORDS:
                words[quad.subject] = _text(quad.object)
            elif quad.predicate == _ASSERTS:
                asserting[quad.object].append(quad.subject)
            elif quad.predicate in _DATES and _PLAIN.fullmatch(_text(quad.object)):
                dated.append((quad.subject, _text(quad.object), at))
        for fact, text, at in dated:
            named = [years_in(words.get(each, "")) for each in asserting[fact]]
            if named and all(named) and not any(text[:4] in years for years in named):
                years = ", ".join(sorted({year for years in named for year in years}))
                message = Message("year-not-named", date=text, years=years)
                yield Problem(
                    place_of(part.file, *part.positions[at]),
                    message,
                    Message("write-year-named"),
                    "info",
                )


def _text(term: Term) -> str:
    return term.value if isinstance(term, Literal) else ""


def years_in(words: str) -> frozenset[str]:
    """Return the years from 1800 to 2099 that words name in digits of any script."""
    plain = "".join(str(decimal(each, each)) for each in words)
    found: set[str] = set()
    for each in _YEAR.finditer(plain):
        found.add(each["year"])
        if each["until"]:
            found.add(each["year"][:2] + each["until"])
    return frozenset(found)
