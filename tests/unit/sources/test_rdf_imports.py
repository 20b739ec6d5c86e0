"""What owl:imports names, against a server on this machine that keeps its own time."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from pyoxigraph import NamedNode
from tests.web import serving

from kgpub.errors import CallError
from kgpub.sources.rdf import RdfFile, read_rdf
from kgpub.sources.rdf_imports import MAX_IMPORTS, read_imports

IMPORTS = "<http://www.w3.org/2002/07/owl#imports>"


class Web(BaseHTTPRequestHandler):
    """Answers with Turtle, or with a header that does not end."""

    def do_GET(self) -> None:
        asked: list[str] = self.server.asked  # type: ignore[attr-defined]
        asked.append(self.path)
        if self.path == "/slow":
            self._drip()
            return
        number = self.path.removeprefix("/chain/")
        text = f"<> {IMPORTS} </chain/{int(number) + 1}> ." if number.isdecimal() else "<> a <> ."
        self.send_response(200)
        self.send_header("Content-Type", "text/turtle")
        self.end_headers()
        self.wfile.write(text.encode())

    def _drip(self) -> None:
        for _ in range(200):
            try:
                self.wfile.write(b"H")
            except OSError:
                return
            time.sleep(0.05)

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def web() -> Iterator[ThreadingHTTPServer]:
    with serving(Web) as server:
        yield server


@pytest.fixture
def importing(tmp_path: Path, web: ThreadingHTTPServer) -> Callable[[str], RdfFile]:
    """Returns a file that imports the document at a path of the server."""

    def write(path: str) -> RdfFile:
        file = tmp_path / "o.ttl"
        iri = f"http://127.0.0.1:{web.server_port}{path}"
        file.write_text(f"<> {IMPORTS} <{iri}> .", encoding="utf-8")
        return read_rdf(file)

    return write


def test_an_iri_is_asked_for_as_a_uri_and_stays_an_iri(
    importing: Callable[[str], RdfFile], web: ThreadingHTTPServer
) -> None:
    (read,) = read_imports([importing("/کەس/%C3%A9?q=ناو&x=%20")])
    # Percent-encoded in UTF-8 by hand: U+06A9 U+06D5 U+0633, and U+0646 U+0627 U+0648.
    assert web.asked == [  # type: ignore[attr-defined]
        "/%DA%A9%DB%95%D8%B3/%C3%A9?q=%D9%86%D8%A7%D9%88&x=%20"
    ]
    assert read.base == f"http://127.0.0.1:{web.server_port}/کەس/%C3%A9?q=ناو&x=%20"
    assert read.quads[0].subject == NamedNode(read.base)


def test_headers_that_never_end_are_given_up(importing: Callable[[str], RdfFile]) -> None:
    file = importing("/slow")
    began = time.monotonic()
    with pytest.raises(CallError, match="takes too long to come"):
        read_imports([file], seconds=0.5)
    assert time.monotonic() - began < 5


def test_documents_that_import_ever_more_are_given_up(
    importing: Callable[[str], RdfFile], web: ThreadingHTTPServer
) -> None:
    with pytest.raises(CallError, match=f"more than {MAX_IMPORTS} imports"):
        read_imports([importing("/chain/0")])
    assert len(web.asked) == MAX_IMPORTS  # type: ignore[attr-defined]
