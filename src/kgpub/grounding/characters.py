"""Characters as the eye and as Unicode see them: what looks alike, what is not seen at all."""

from __future__ import annotations

import re
from enum import Enum
from unicodedata import category, decimal, normalize

from kgpub.names.letters import ALIKE, TATWEEL

_ALIKE = {
    **ALIKE,
    '"': "“”„‟«»″",
    "'": "‘’‚‛`´′ʼ‹›",
    "-": "−",
    ",": "،٬",
    ".": "٫۔",
    ";": "؛",
    "?": "؟",
    "%": "٪",
}
_PLAIN = {alike: plain for plain, group in _ALIKE.items() for alike in group}

_FOLDABLE = re.compile(
    "[\0-\u3000\ua640-\ua69f\uf900-\uffff\U0001d400-\U0001d7ff\U0001ee00-\U0001eeff"
    "\U000e0000-\U000e0fff]"
)
"""Outside these blocks a character stands for itself.

Closed on purpose: a text of a million different code points would else cost a million look-ups
in the Unicode database.
"""


class Kind(Enum):
    """How words and article differ at one place, from what is hardest to see to what is plain."""

    INVISIBLE = "invisible"
    """Format and control characters."""
    NORMAL_FORM = "normal form"
    """Canonically equivalent (Unicode Standard Annex 15), such as one code point against two."""
    PRESENTATION_FORM = "presentation form"
    """Compatibility equivalent (same annex), such as the letter shapes of U+FB50 to U+FEFF."""
    LOOKALIKE = "look-alike"
    """Letters that are drawn alike or taken for each other: ي ى ی, ك ک, ه ة ە, ا أ إ آ."""
    TATWEEL = "tatweel"
    """The stroke that stretches an Arabic word, which is no letter."""
    MARK = "mark"
    """Combining marks, such as the Arabic vowel signs."""
    SPACE = "space"
    """White space against other white space or none; line breaks too."""
    QUOTATION_MARK = "quotation mark"
    PUNCTUATION = "punctuation"
    """Punctuation against other punctuation or none, quotation marks apart."""
    DIGIT = "digit"
    """The same digit of another script; another number is content."""
    CASE = "case"
    CONTENT = "content"
    """Anything else: other letters, other words."""


def is_ignorable(character: str) -> bool:
    """Return whether a reader of the text would not miss `character`.

    True of combining marks, control and format characters (white space excepted), the tatweel.
    """
    if character == TATWEEL:
        return True
    general = category(character)
    return general in ("Mn", "Me", "Cf") or (general == "Cc" and not character.isspace())


def fold_character(character: str) -> str:
    """Return what `character` stands for once look-alikes count as one: any number of characters.

    Ignorable characters give "", white space a space, digits of any script the ASCII ones,
    presentation forms their letters, letters their lower case without marks.
    """
    if not _FOLDABLE.match(character):
        return character
    if character.isspace():
        return " "
    if is_ignorable(character):
        return ""
    if character in _PLAIN:
        # Before decomposition, which turns the acute accent U+00B4 into a space and a mark.
        return _PLAIN[character]
    return "".join(
        _fold_decomposed(part)
        for part in normalize("NFKD", character).casefold()
        if not is_ignorable(part)
    )


def _fold_decomposed(character: str) -> str:
    if character.isspace():
        return " "
    if character in _PLAIN:
        return _PLAIN[character]
    digit = decimal(character, None)
    if digit is not None:
        return str(digit)
    return "-" if category(character) == "Pd" else character


def fold(text: str) -> str:
    """Return `text` with every character folded."""
    return text.translate({ord(character): plain for character, plain in folds(text).items()})


def folds(text: str) -> dict[str, str]:
    """Return what the characters of `text` fold to, those that may fold to something else."""
    foldable = _FOLDABLE.findall("".join(set(text)))
    return {character: fold_character(character) for character in foldable}


def classify(words: str, article: str) -> Kind:
    """Return how the piece `words` differs from the piece `article`; one of them may be empty."""
    pieces = words + article
    if words and article:
        if normalize("NFC", words) == normalize("NFC", article):
            return Kind.NORMAL_FORM
        if not pieces.isspace() and normalize("NFKC", words) == normalize("NFKC", article):
            return Kind.PRESENTATION_FORM
    if pieces.isspace():
        return Kind.SPACE
    if all(map(is_ignorable, pieces)):
        if all(category(character) in ("Mn", "Me") for character in pieces):
            return Kind.MARK
        return Kind.TATWEEL if set(pieces) == {TATWEEL} else Kind.INVISIBLE
    if all(category(character)[0] == "P" for character in pieces):
        quotes = fold(pieces).strip("\"'") == ""
        return Kind.QUOTATION_MARK if quotes else Kind.PUNCTUATION
    if fold(words) != fold(article):
        return Kind.CONTENT
    if all(decimal(character, None) is not None for character in pieces):
        return Kind.DIGIT
    if all(category(character)[0] in "PS" for character in pieces):
        return Kind.PUNCTUATION
    return Kind.CASE if words.casefold() == article.casefold() else Kind.LOOKALIKE
