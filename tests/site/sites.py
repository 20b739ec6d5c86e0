"""Sites that are written, and what a host without any rules makes of them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import quote, unquote, urljoin, urlsplit

from lxml import html
from pyoxigraph import Quad, RdfFormat, serialize
from tests.service.linked_served import of_quads
from tests.service.sparql_served import publish

from kgpub import Workspace
from kgpub.site.making import Asked, Written, make


def written(workspace: Workspace, asked: Asked = Asked()) -> Written:  # noqa: B008
    """Write the site of what is built."""
    return make(workspace, asked)


def of_odd_quads(root: Path, base: str, quads: Iterable[Quad]) -> Workspace:
    """A workspace that has built these quads, which no submission need be able to say."""
    kept = list(quads)
    if (root / "kgpub.toml").exists():
        publish(root / ".kgpub/store", kept)
        workspace = Workspace(root)
    else:
        workspace = of_quads(root, base, kept)
    output = root / "output"
    output.mkdir(exist_ok=True)
    dataset = serialize(sorted(kept, key=str), format=RdfFormat.N_QUADS)
    (output / "dataset.nq").write_bytes(dataset)
    digest = hashlib.sha256(dataset).hexdigest()
    (output / "SHA256SUMS").write_text(f"{digest}  dataset.nq\n")
    return workspace


def content(folder: Path) -> dict[str, bytes]:
    """The files of a folder by their paths."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def parsed(site: Path, path: str) -> html.HtmlElement:
    """A page of a site."""
    return html.document_fromstring((site / path).read_bytes())


def references(page: html.HtmlElement) -> list[str]:
    """All that a page refers to by attributes."""
    return [str(each) for each in page.xpath("//@href|//@src|//@action|//@data")]


def broken(site: Path) -> list[tuple[str, str]]:
    """The references of all pages, with the page, that lead out of the folder or to nothing."""
    root = "https://host.example/some/where/"
    pages = {path.relative_to(site).as_posix(): path for path in site.rglob("*.html")}
    ids = {name: set(parsed(site, name).xpath("//@id")) for name in pages}
    found = []
    for name in sorted(pages):
        for reference in references(parsed(site, name)):
            there = urlsplit(urljoin(root + quote(name), reference))
            if urlsplit(reference).scheme or reference.startswith("//"):
                continue
            path = unquote(there.path)
            inside = path.removeprefix("/some/where/")
            is_whole = path != inside and (site / inside).is_file()
            if is_whole and there.fragment and inside in ids:
                is_whole = unquote(there.fragment) in ids[inside]
            if not is_whole:
                found.append((name, reference))
    return found


class _Plain(SimpleHTTPRequestHandler):
    """What any host does: it sends the file that is called like the path, and no more."""

    def log_message(self, *arguments: Any) -> None:
        pass


@contextmanager
def hosted(folder: Path) -> Iterator[str]:
    """Serve the files of a folder as they are, and yield the origin."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Plain, directory=str(folder))) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()
