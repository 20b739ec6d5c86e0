"""A submission as a request brings it: its bytes, their format, and what its file is called."""

from __future__ import annotations

import re
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from starlette.requests import Request
from werkzeug.http import parse_options_header

from kgpub.model.slug import quoted
from kgpub.service.errors import RequestError
from kgpub.service.http.negotiation import MAX_PREFERENCES
from kgpub.service.http.reading import body, fields_in
from kgpub.service.limits import Limits
from kgpub.service.submitting.parts import Part, parts_of
from kgpub.sources.tables import TABLES
from kgpub.submissions.submission import Article, Content

MEDIA_TYPES: Mapping[str, str] = {
    "application/json": ".json",
    "application/ld+json": ".jsonld",
    "application/yaml": ".yaml",
    "application/x-yaml": ".yaml",
    "text/yaml": ".yaml",
    "text/x-yaml": ".yaml",
    "text/csv": ".csv",
}
"""The endings that stand for media types; of YAML the first is its own (RFC 9512)."""
MULTIPART = "multipart/form-data"
PARAMETERS = ("article", "name", "table", "lang", "format")
MAX_NAME = 100
"""Characters of a file's name."""
FACTS, TEXT, METADATA = "facts", "text", "metadata"
_PARTS = (FACTS, TEXT, METADATA, "article", "name", "table")
_SUFFIXES = {".yml": ".yaml", **{suffix: suffix for suffix in MEDIA_TYPES.values()}}
_ACCEPTED = ", ".join((*MEDIA_TYPES, MULTIPART))
_UNTOLD = ("", "text/plain", "application/octet-stream")
"""What browsers and others say where they do not know."""
_GZIP = 16 + zlib.MAX_WBITS
_TABLES = f"Say ?table=, one of: {', '.join(TABLES)}."
_UTF_8 = re.compile("utf-?8", re.IGNORECASE)
_UNSAFE = re.compile(r"[/\\:\s\"'<>]+")


@dataclass(frozen=True)
class Received:
    """A submission that was sent; `name` is what the client calls its file, `parameters` the rest.

    Its article is "" where neither address nor body have named it: the submission may.
    """

    content: Content
    name: str
    parameters: Mapping[str, str]


def parameters_of(request: Request) -> Mapping[str, str]:
    """Return the parameters in the address. Raises RequestError."""
    found = fields_in(request.scope["query_string"], Limits())
    unknown = next((name for name in found if name not in PARAMETERS), None)
    if unknown is not None:
        known = ", ".join(PARAMETERS)
        raise RequestError(400, f"there is no parameter {quoted(unknown)}", f"Parameters: {known}.")
    table = found.get("table", TABLES[0])
    if table not in TABLES:
        raise RequestError(400, f"{quoted(table)} is no table", _TABLES)
    return found


async def received(request: Request, limits: Limits) -> Received:
    """Read a submission. Raises RequestError."""
    parameters = parameters_of(request)
    media_type, options = _media_type(request.headers.get("content-type", ""))
    if media_type == MULTIPART:
        content = _unpacked(request, await body(request, limits), limits)
        return _of_parts(parts_of(content, options.get("boundary", ""), _PARTS), parameters)
    suffix = _suffix_of(media_type)
    content = _unpacked(request, await body(request, limits), limits)
    given = parameters.get("name") or _disposed(request)
    return _received(content, suffix, given, parameters)


def safe_name(name: str, suffix: str) -> str:
    """Return the last step of a path as a file can be called, "" where nothing of it can be shown.

    It ends in `suffix`, or in what means the same.
    """
    last = re.split(r"[/\\]", name)[-1]
    shown = "".join(each if each.isprintable() else "_" for each in last)
    shown = _UNSAFE.sub("_", shown).strip(" ._")[-MAX_NAME:]
    if not shown:
        return ""
    ends = _SUFFIXES.get(PurePosixPath(shown).suffix.lower())
    return shown if ends == suffix else f"{shown}{suffix}"


def _received(
    content: bytes,
    suffix: str,
    name: str,
    parameters: Mapping[str, str],
    article: Article | None = None,
) -> Received:
    """Return what was sent, once it is known which table CSV is. Raises RequestError."""
    shown = safe_name(name, suffix)
    if suffix == ".csv":
        suffix = f"{_table(parameters.get('table', ''), shown)}.csv"
    slug = parameters.get("article", "")
    return Received(Content(slug, suffix, content, article), shown, parameters)


def _of_parts(parts: Mapping[str, Part], parameters: Mapping[str, str]) -> Received:
    """Return what the parts of a form are. Raises RequestError."""
    facts = parts.get(FACTS)
    if facts is None:
        raise RequestError(400, "the form has no part facts", f"Parts: {', '.join(_PARTS)}.")
    named = {
        name: parts[name].content.decode("utf-8", "replace").strip()
        for name in ("article", "name", "table")
        if name in parts
    }
    merged = {**named, **parameters}
    article = None
    if TEXT in parts or METADATA in parts:
        missing = next((name for name in (TEXT, METADATA) if name not in parts), None)
        if missing is not None:
            message = f"the form has a new article without the part {missing}"
            raise RequestError(400, message, "Send text and metadata, or neither.")
        article = Article(parts[TEXT].content, parts[METADATA].content)
    name = merged.get("name") or facts.file_name
    suffix = _suffix_of_part(facts, name)
    return _received(facts.content, suffix, name, merged, article)


def _media_type(value: str) -> tuple[str, Mapping[str, str]]:
    """Return a media type in small letters, and its parameters. Raises RequestError."""
    if len(value) > MAX_PREFERENCES:
        raise RequestError(431, f"content-type has more than {MAX_PREFERENCES:,} characters")
    media_type, options = parse_options_header(value)
    charset = options.get("charset", "")
    if charset and not _UTF_8.fullmatch(charset):
        raise RequestError(415, "the body is not said to be UTF-8", "Send it as UTF-8.")
    return media_type.lower(), options


def _suffix_of(media_type: str) -> str:
    suffix = MEDIA_TYPES.get(media_type)
    if suffix is None:
        raise RequestError(
            415,
            f"{quoted(media_type)} is no format of submissions" if media_type else "no format told",
            f"Say Content-Type: one of {_ACCEPTED}.",
            headers={"Accept": _ACCEPTED},
        )
    return suffix


def _suffix_of_part(part: Part, name: str) -> str:
    """Return the ending for a part: by its media type or its name, else that of YAML.

    A part that tells neither is text (RFC 7578, section 4.4), which YAML is. Raises RequestError.
    """
    media_type, _ = _media_type(part.media_type)
    if media_type in MEDIA_TYPES:
        return MEDIA_TYPES[media_type]
    suffix = PurePosixPath(name).suffix.lower()
    if suffix in _SUFFIXES:
        return _SUFFIXES[suffix]
    return ".yaml" if media_type in _UNTOLD and not suffix else _suffix_of(media_type or suffix)


def _table(named: str, name: str) -> str:
    """Return what the rows of CSV are. Raises RequestError."""
    stem = PurePosixPath(name).stem
    found = named or next(
        (each for each in TABLES if stem == each or stem.startswith(f"{each}-")), ""
    )
    if found not in TABLES:
        message = f"{quoted(found)} is no table" if found else "it is not told which table CSV is"
        raise RequestError(400, message, _TABLES)
    return found


def _disposed(request: Request) -> str:
    """Return the name of the file that a header Content-Disposition tells (RFC 6266)."""
    value = request.headers.get("content-disposition", "")
    if len(value) > MAX_PREFERENCES:
        return ""
    _, options = parse_options_header(value)
    return options.get("filename", "")


def _unpacked(request: Request, content: bytes, limits: Limits) -> bytes:
    """Return a body without its content coding. Raises RequestError."""
    coding = request.headers.get("content-encoding", "identity").strip().lower()
    if coding == "identity":
        return content
    if coding not in ("gzip", "x-gzip"):
        raise RequestError(
            415,
            f"the coding {quoted(coding)} is not read",
            "Send it as it is, or with gzip.",
            headers={"Accept-Encoding": "gzip, identity"},
        )
    unpacking = zlib.decompressobj(_GZIP)
    try:
        # What a small body unpacks to may fill any memory: no more is unpacked than may be sent.
        unpacked = unpacking.decompress(content, limits.body + 1)
    except zlib.error as error:
        raise RequestError(400, "the body is not gzip", "Send it as it is.") from error
    if len(unpacked) > limits.body:
        raise RequestError(
            413, f"the body unpacks to more than {limits.body:,} bytes", "Send less at once."
        )
    if not unpacking.eof or unpacking.unused_data:
        raise RequestError(400, "the body is no whole gzip file", "Send it as it is.")
    return unpacked
