"""Forms that clients prefer: the examples of RFC 9110, and the more specific rule."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from kgpub.service.http.forms import preferred


@dataclass(frozen=True)
class Form:
    media_types: tuple[str, ...]


PLAIN = Form(("text/plain",))
HTML = Form(("text/html", "application/xhtml+xml"))
DVI = Form(("text/x-dvi",))
C = Form(("text/x-c",))


@pytest.mark.parametrize(
    ("accept", "form"),
    [
        # RFC 9110, section 12.5.1: "text/html and text/x-c are the equally preferred media types,
        # but if they do not exist, then send the text/x-dvi representation, and if that does not
        # exist, send the text/plain representation".
        ("text/plain; q=0.5, text/html, text/x-dvi; q=0.8, text/x-c", HTML),
        ("text/plain; q=0.5, text/x-dvi; q=0.8", DVI),
        ("text/plain; q=0.5", PLAIN),
        # The more specific rule counts, so that text/html is the worse of the two.
        ("text/*;q=0.8, text/html;q=0.2, text/plain;q=0.1", DVI),
        ("", PLAIN),
        ("  ", PLAIN),
        ("*/*", PLAIN),
        ("application/xhtml+xml", HTML),
        ("application/xhtml+xml, text/html;q=0", None),  # its own name is refused
        ("text/html;q=0, */*;q=0.1", PLAIN),
        ("image/png", None),
        ("text/plain;q=0", None),
    ],
)
def test_the_preferred_form_is_chosen(accept: str, form: Form | None) -> None:
    assert preferred((PLAIN, HTML, DVI, C), accept) is form
