"""Terms of N-Quads as requests in SPARQL have them."""

from __future__ import annotations

import re

_ESCAPE = re.compile(rb"\\(?:\\([uU])?|[^\\])")


def for_sparql(terms: bytes) -> bytes:
    r"""Return canonical terms of N-Quads as SPARQL writes them.

    SPARQL reads \u before it reads strings (section 19.2), so that some take a backslash in a
    literal with a u behind it for the beginning of one: that u is written as an escape itself. It
    has eight digits, since some read more than four where what follows could be digits.
    """
    return _ESCAPE.sub(_escaped, terms) if b"\\" in terms else terms


def _escaped(match: re.Match[bytes]) -> bytes:
    letter = match[1]
    return b"\\\\\\U%08X" % ord(letter) if letter else match[0]
