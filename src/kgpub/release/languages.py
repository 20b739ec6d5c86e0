"""Languages as DCAT names them: by the IRIs of their ISO codes."""

from __future__ import annotations

_TWO_LETTERS = "http://id.loc.gov/vocabulary/iso639-1/"
_THREE_LETTERS = "http://lexvo.org/id/iso639-3/"


def language_iri(tag: str) -> str:
    """Return the IRI of the language of a tag (BCP 47), whatever its script or region.

    DCAT 3, section 6.4.8, wants those of the Library of Congress, which has none for languages
    that have three letters in ISO 639-3 alone, Central Kurdish among them.
    """
    code = tag.partition("-")[0].lower()
    return f"{_TWO_LETTERS if len(code) == 2 else _THREE_LETTERS}{code}"
