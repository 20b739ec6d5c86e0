"""Characters that must be seen: what an editor or terminal would obey or hide, written as escapes.

Bidirectional controls reorder what a reader sees, so that a line can look different from what it
is (Unicode Technical Standard 55, section 3). They and other invisible characters stand in our
files as escapes, which parsers read back as the characters. The joiners U+200C and U+200D stay:
Kurdish and Persian spelling needs them. Canonical N-Quads escape none of these.
"""

from __future__ import annotations

import re

BIDI_CONTROLS = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_UNSEEN = (
    "\x7f-\x9f"  # DEL and C1, among them NEL, a line break to some editors
    + BIDI_CONTROLS
    + "\u200b\u2028\u2029\u2060-\u2065\u206a-\u206f\ufeff\ufff0-\ufffb\ufffe\uffff"
    + "\U000e0000-\U000e0fff"  # tags: invisible ASCII
)

UNSEEN = re.compile(f"[{_UNSEEN}]")
CONTROLS_AND_UNSEEN = re.compile(f"[\x00-\x1f{_UNSEEN}]")


def turtle_escape(match: re.Match[str]) -> str:
    """Return the UCHAR escape of the character matched (Turtle 1.1, section 6.4)."""
    code = ord(match[0])
    return f"\\u{code:04X}" if code < 0x10000 else f"\\U{code:08X}"


def json_escape(match: re.Match[str]) -> str:
    """Return the escape of the character matched, a surrogate pair beyond U+FFFF (RFC 8259, 7)."""
    code = ord(match[0])
    if code < 0x10000:
        return f"\\u{code:04x}"
    code -= 0x10000
    return f"\\u{0xD800 + (code >> 10):04x}\\u{0xDC00 + (code & 0x3FF):04x}"
