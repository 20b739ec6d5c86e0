"""Languages that clients prefer, as browsers tell them."""

from __future__ import annotations

import pytest
from starlette.requests import Request

from kgpub.service.errors import RequestError
from kgpub.service.http.negotiation import MAX_PREFERENCES, language_of


def asking(*accepted: str) -> Request:
    headers = [(b"accept-language", each.encode()) for each in accepted]
    return Request({"type": "http", "headers": headers})


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ((), "en"),
        (("ar",), "ar"),
        (("ar-IQ, en;q=0.8",), "ar"),
        (("de, ckb;q=0.5, en;q=0.4",), "ckb"),
        (("ku",), "ckb"),
        (("ku-Latn, ar;q=0.3",), "ar"),  # Kurmanji, which we have nothing in
        (("ar;q=0",), "en"),
        (("de",), "en"),
        (("en;q=0.2", "ar;q=0.7"), "ar"),  # in two lines
    ],
)
def test_the_preferred_language_is_chosen(accepted: tuple[str, ...], language: str) -> None:
    assert language_of(asking(*accepted)) == language


def test_a_header_that_takes_long_to_read_is_refused() -> None:
    with pytest.raises(RequestError, match="accept-language has more than 4,000") as caught:
        language_of(asking("en," * (MAX_PREFERENCES // 3 + 1)))
    assert caught.value.status == 431
