"""QuickStatements, version 1: lines by which that tool adds statements to Wikidata.

A line is item, property and value, then properties with values in pairs: `P…` for qualifiers, `S…`
for one reference; columns are parted by tabs. What would be read back as something else is not
written: the functions for values return None for it.

Sources of the rules: Help:QuickStatements at wikidata.org; where that is silent, how the tool
itself (importDataFromV1 and parseValueV1 of quickstatements.php) and its successor (core/parsers
of quickstatements3) read a line; and Wikibase's validators of texts, times and URLs.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from urllib.parse import quote

from kgpub.serialisation.order import natural
from kgpub.vocabulary import WIKIDATA

MAX_TEXT = 1_500
"""Code points that Wikidata takes in a text or URL (wmgWikibaseStringLimits)."""
FIRST_YEAR = 1583
"""The first year that is Gregorian as a whole: of an earlier day one would have to guess whether
the text counts it so."""

_ITEM = re.compile(re.escape(WIKIDATA) + r"(Q[1-9][0-9]{0,14})")
_TIME = re.compile(r"([0-9]{4})(?:-(0[1-9]|1[0-2])(?:-([0-9]{2}))?)?")
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_URL = re.compile(r"(https?://)([^/?#]+)((?:[/?#].*)?)", re.DOTALL)
_AUTHORITY = re.compile(r"[A-Za-z0-9._~%!$&'()*+,;=:@\[\]-]+")
_RESERVED = "%/?#[]@!$&'()*+,;=:"

# Of the languages that articles can have, those that Wikibase takes for a text. Its "ku" is
# Northern Kurdish. It has no code for hac (Gorani), zza (Zaza) and aii (Assyrian Neo-Aramaic).
_LANGUAGES = {
    **{
        tag: tag
        for tag in (
            *("ar", "ckb", "ku", "sdh", "en", "fa", "tr", "az", "tk", "hy", "syc", "arc", "he"),
            *("fr", "de", "es", "it", "pt", "nl", "sv", "el", "ru", "zh", "ja", "ur"),
        )
    },
    "kmr": "ku",
}

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Command:
    """One line: `item`, its `property` (P and a number) and value, as they are written.

    `qualifiers` and `reference` are pairs of a property (P and a number in both) and a value.
    """

    item: str
    property: str
    value: str
    qualifiers: Pairs = ()
    reference: Pairs = ()


def item_value(iri: str) -> str | None:
    """Return the ID of the Wikidata item that is named by an IRI, or None for any other IRI."""
    found = _ITEM.fullmatch(iri)
    return found[1] if found else None


def time_value(edtf: str) -> str | None:
    """Return a day, month or year in EDTF with the precision that it has.

    None for every other time: QuickStatements has nothing for doubt, intervals, open ends and
    seasons, and before FIRST_YEAR the calendar is not known. What a time leaves open is 00, as
    Wikibase writes it; 9 is the precision of a year, 10 of a month, 11 of a day.
    """
    found = _TIME.fullmatch(edtf)
    if found is None or int(found[1]) < FIRST_YEAR:
        return None
    year, month, day = found.groups()
    if day is None:
        return f"+{year}-{month or '00'}-00T00:00:00Z/{10 if month else 9}"
    try:
        date(int(year), int(month), int(day))
    except ValueError:
        return None
    return f"+{year}-{month}-{day}T00:00:00Z/11"


def text_value(text: str, language: str) -> str | None:
    """Return a text in a language, given by its tag; line breaks, tabs and controls as one space.

    Quotation marks stay: the tools read from the first to the last of a column, and know no
    escapes. None for a text with `|`, which they take for a tab, and `||` for a new command; for
    one that is empty or longer than MAX_TEXT; and for a language that Wikibase has no code for.
    """
    code = _LANGUAGES.get(language.lower())
    parts = (part.strip() for part in _CONTROLS.split(text))
    cleaned = " ".join(part for part in parts if part)
    if code is None or "|" in cleaned or not 0 < len(cleaned) <= MAX_TEXT:
        return None
    return f'{code}:"{cleaned}"'


def url_value(iri: str) -> str | None:
    """Return a web address as a URI, or None if it is none or longer than MAX_TEXT.

    What is outside ASCII is percent-encoded, in the name of the host by IDNA (RFC 3987, section
    3.1); so is every character that would end the column or the string.
    """
    found = _URL.fullmatch(iri)
    if found is None:
        return None
    scheme, authority, rest = found.groups()
    try:
        host = authority if authority.isascii() else authority.encode("idna").decode("ascii")
        url = f"{scheme}{host}{quote(rest, safe=_RESERVED)}"
    except UnicodeError:
        return None
    if not _AUTHORITY.fullmatch(host) or len(url) > MAX_TEXT:
        return None
    return f'"{url}"'


def quickstatements(commands: Iterable[Command]) -> Iterator[bytes]:
    """Yield the lines of the commands in UTF-8, each once, by item, property and what follows.

    Nothing else is written: a line that is no command is an error to the tool's successor.
    """
    for _, line in sorted({(_key(each), _line(each)) for each in commands}):
        yield f"{line}\n".encode()


def _key(command: Command) -> tuple[tuple[str, str], ...]:
    return natural(command.item), natural(command.property), natural(command.value)


def _line(command: Command) -> str:
    pairs = [*command.qualifiers, *(("S" + name[1:], value) for name, value in command.reference)]
    columns = [command.item, command.property, command.value]
    return "\t".join([*columns, *(column for pair in pairs for column in pair)])
