"""JSON files as a person reads them."""

from __future__ import annotations

import json


def json_text(value: object) -> bytes:
    """Return a value as JSON in UTF-8, its keys in the order that they have.

    It may be put into a page: no text in it ends a script.
    """
    text = json.dumps(value, ensure_ascii=False, indent=2)
    return (text.replace("<", "\\u003c") + "\n").encode()
