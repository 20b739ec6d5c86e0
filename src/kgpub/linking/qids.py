"""QIDs as people and files write them."""

from __future__ import annotations

import re

_FORMS = re.compile(
    r"""
    \s*
    (?: <? https?:// (?:www\.|m\.)? wikidata\.org / (?:entity|wiki|wiki/Special:EntityPage) /
      | wd: )?
    ([Qq]) ([1-9][0-9]{0,10}) >? \s*
    """,
    re.VERBOSE,
)
LARGEST = 2**31 - 1
"""Wikibase keeps the number of an item in a signed integer of 32 bits."""


def qid_of(text: str) -> str | None:
    """Return the QID that `text` is: `Q796` for `q796`, for the IRI of the entity or its page.

    None for anything else: Q0, numbers beyond `LARGEST`, properties (P31), lexemes, other sites.
    """
    match = _FORMS.fullmatch(text)
    if match is None or int(match[2]) > LARGEST:
        return None
    return f"Q{match[2]}"
