"""Content codings, undone by the libraries that browsers' are like."""

from __future__ import annotations

import gzip

import pytest
import zstandard
from starlette.requests import Request

from kgpub.service.http.codings import coding_of, shortened, takes, whole
from kgpub.service.http.negotiation import MAX_PREFERENCES

TEXT = "قالت بارزاني ".encode() * 1_000


def asking(*accepted: str) -> Request:
    headers = [(b"accept-encoding", each.encode()) for each in accepted]
    return Request({"type": "http", "headers": headers})


def test_an_answer_is_coded_so_that_others_read_it() -> None:
    assert gzip.decompress(whole(TEXT, "gzip")) == TEXT
    assert zstandard.ZstdDecompressor().decompressobj().decompress(whole(TEXT, "zstd")) == TEXT
    assert gzip.decompress(whole(b"", "gzip")) == b""


def test_only_what_gets_shorter_is_coded() -> None:
    content, coding = shortened(TEXT, "gzip")
    assert coding == "gzip"
    assert len(content) < len(TEXT) / 10
    assert shortened(TEXT, "") == (TEXT, "")
    assert shortened(b"short", "gzip") == (b"short", "")


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ((), ""),
        (("gzip",), "gzip"),
        (("gzip, deflate, br, zstd",), "zstd"),
        (("zstd;q=0.1, gzip;q=0.2",), "gzip"),
        (("gzip;q=0",), ""),
        (("br",), ""),
        (("identity",), ""),
        (("br", "gzip"), "gzip"),  # in two lines
        (("*",), "zstd"),
        (("gzip, " * (MAX_PREFERENCES // 6 + 1),), ""),
    ],
)
def test_the_preferred_coding_is_chosen(accepted: tuple[str, ...], coding: str) -> None:
    assert coding_of(asking(*accepted)) == coding
    assert takes(asking(*accepted), "gzip") == (coding != "" and "gzip;q=0" not in accepted)
