"""What owl:imports names: files of this machine, and documents of the web, within bounds.

Nothing here is called unless a user asks for it: whoever writes a document decides what is fetched.
"""

from __future__ import annotations

import io
import string
import time
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Future
from http.client import HTTPException, HTTPResponse
from pathlib import Path
from threading import Thread
from urllib.error import URLError
from urllib.parse import quote, urldefrag, urlsplit
from urllib.request import (
    HTTPDefaultErrorHandler,
    HTTPErrorProcessor,
    HTTPHandler,
    HTTPRedirectHandler,
    HTTPSHandler,
    OpenerDirector,
    ProxyHandler,
    Request,
    url2pathname,
)

from pyoxigraph import NamedNode, RdfFormat

from kgpub.errors import CallError
from kgpub.sources.rdf import RdfFile, parse_rdf, rdf_format, read_rdf
from kgpub.version import __version__
from kgpub.vocabulary import OWL

MAX_IMPORTS = 100
"""Documents that those of one call may import, one by way of another."""
MAX_FETCHED_BYTES = 64 * 2**20
FETCH_SECONDS = 30.0
"""In which a document of the web must have come whole."""

_IMPORTS = OWL + "imports"
_ACCEPT = "text/turtle, application/n-triples, application/ld+json;q=0.9, application/rdf+xml;q=0.9"
_WITHOUT = "Leave --imports out, or give the file with --ont-graph or --shapes."
_CHUNK = 2**16
_Document = tuple[bytes, RdfFormat, str]
"""Content, format and IRI, after redirects, of a document of the web."""


def read_imports(
    files: Iterable[RdfFile], number: int = 1, seconds: float = FETCH_SECONDS
) -> list[RdfFile]:
    """Return the documents that `files` import, and those that these import, each once.

    What `files` describe themselves is not read again. `number` is what the labels of the first
    one's blank nodes begin with; see `read_rdf`. A document of the web names others of the web
    only. Raises CallError where one cannot be read, SubmissionErrors where it is not RDF.
    """
    pending: list[RdfFile] = list(files)
    found: list[RdfFile] = []
    known = {file.base for file in pending} | {iri for file in pending for iri in _described(file)}
    while pending:
        file = pending.pop(0)
        for iri in _imported(file):
            if iri in known:
                continue
            if len(found) == MAX_IMPORTS:
                raise CallError(f"{file.file}: more than {MAX_IMPORTS} imports", _WITHOUT)
            read = _read(iri, file, number + len(found), seconds)
            known |= {iri, read.base, *_described(read)}
            found.append(read)
            pending.append(read)
    return found


def _imported(file: RdfFile) -> list[str]:
    imports = (quad.object for quad in file.quads if quad.predicate.value == _IMPORTS)
    iris = (urldefrag(each.value).url for each in imports if isinstance(each, NamedNode))
    return list(dict.fromkeys(iris))


def _described(file: RdfFile) -> set[str]:
    return {quad.subject.value for quad in file.quads if isinstance(quad.subject, NamedNode)}


def _read(iri: str, importing: RdfFile, number: int, seconds: float) -> RdfFile:
    scheme = urlsplit(iri).scheme
    told = f"{iri}, which {importing.file} imports"
    if scheme in ("http", "https"):
        content, form, base = _fetched(iri, told, seconds)
        return parse_rdf(iri, io.BytesIO(content), form, base, number)
    if scheme != "file" or urlsplit(iri).netloc not in ("", "localhost"):
        raise CallError(f"{told}: only file:, http: and https: IRIs are read", _WITHOUT)
    if not importing.base.startswith("file:"):
        raise CallError(f"{told}: a document of the web names a file of this machine", _WITHOUT)
    path = Path(url2pathname(urlsplit(iri).path))
    if not path.is_file():
        raise CallError(f"{told}: there is no such file", _WITHOUT)
    shown = path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path
    return read_rdf(shown, rdf_format(path) or RdfFormat.TURTLE, number)


def _fetched(iri: str, told: str, seconds: float) -> _Document:
    """Return a document of the web within so many seconds, however slowly its headers come."""
    document: Future[_Document] = Future()
    # The thread ends with the process, if its server does not let it end before.
    Thread(target=_settle, args=(document, lambda: _fetch(iri, told, seconds)), daemon=True).start()
    try:
        return document.result(seconds)
    except TimeoutError:
        raise CallError(f"{told}: takes too long to come", _WITHOUT) from None


def _settle(document: Future[_Document], fetch: Callable[[], _Document]) -> None:
    try:
        document.set_result(fetch())
    except CallError as error:
        document.set_exception(error)


def _fetch(iri: str, told: str, seconds: float) -> _Document:
    opener = OpenerDirector()  # without the handlers of file: and ftp:, for redirects too
    for handler in (
        ProxyHandler(),
        HTTPHandler(),
        HTTPSHandler(),
        HTTPRedirectHandler(),
        HTTPDefaultErrorHandler(),
        HTTPErrorProcessor(),
    ):
        opener.add_handler(handler)
    until = time.monotonic() + seconds
    try:
        uri = _uri(iri)
        request = Request(uri, headers={"Accept": _ACCEPT, "User-Agent": f"kgpub/{__version__}"})
        with opener.open(request, timeout=seconds) as response:
            content = _bounded(response, told, until)
            base = iri if response.geturl() == uri else urldefrag(response.geturl()).url
            form = _form(response.headers, base)
    except (URLError, HTTPException, OSError, ValueError) as error:
        reason = getattr(error, "reason", None) or error
        raise CallError(f"{told}: cannot be fetched: {reason}", _WITHOUT) from error
    if form is None:
        raise CallError(f"{told}: comes as no format of RDF", _WITHOUT)
    return content, form, base


def _uri(iri: str) -> str:
    """Return an IRI with what is not ASCII in its path and query percent-encoded (RFC 3987, 3.1).

    That of the name of the host is left to the resolver.
    """
    parts = urlsplit(iri)
    path, query = (quote(each, safe=string.punctuation) for each in (parts.path, parts.query))
    return parts._replace(path=path, query=query).geturl()


def _bounded(stream: HTTPResponse, told: str, until: float) -> bytes:
    parts, size = [], 0
    # Of what has come, not until so much has: a server may send a byte now and then.
    while part := stream.read1(_CHUNK):
        parts.append(part)
        size += len(part)
        if size > MAX_FETCHED_BYTES:
            raise CallError(f"{told}: has more than {MAX_FETCHED_BYTES:,} bytes", _WITHOUT)
        if time.monotonic() > until:
            raise CallError(f"{told}: takes too long to come", _WITHOUT)
    return b"".join(parts)


def _form(headers: Mapping[str, str], iri: str) -> RdfFormat | None:
    media = (headers.get("Content-Type") or "").partition(";")[0].strip().lower()
    by_name = rdf_format(Path(urlsplit(iri).path))
    # What is served without knowledge of RDF has its format in the name.
    if media in ("", "text/plain", "application/octet-stream", "application/xml", "text/xml"):
        return by_name
    return RdfFormat.from_media_type(media) or by_name
