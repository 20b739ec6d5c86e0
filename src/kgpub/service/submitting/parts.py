"""The parts of a form with files (RFC 7578), of which all are named and each comes once."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from werkzeug.exceptions import HTTPException
from werkzeug.sansio.multipart import Data, Epilogue, Field, File, MultipartDecoder, NeedData

from kgpub.model.slug import quoted
from kgpub.service.errors import RequestError

_MAX_BOUNDARY = 70
"""Characters (RFC 2046, section 5.1.1)."""


@dataclass(frozen=True)
class Part:
    """The content of a part; `file_name` and `media_type` are "" where it does not tell them."""

    content: bytes
    file_name: str = ""
    media_type: str = ""


def parts_of(content: bytes, boundary: str, known: Collection[str]) -> Mapping[str, Part]:
    """Return the parts of a form by their names. Raises RequestError."""
    if not 0 < len(boundary) <= _MAX_BOUNDARY or not boundary.isascii():
        raise RequestError(400, "the form does not tell what parts it", "Send boundary.")
    decoder = MultipartDecoder(boundary.encode("ascii"), max_parts=len(known) + 1)
    decoder.receive_data(content)
    decoder.receive_data(None)
    found: dict[str, Part] = {}
    try:
        return _read(decoder, known, found)
    except (ValueError, HTTPException) as error:
        raise RequestError(400, "the form cannot be read", "Send multipart/form-data.") from error


def _read(
    decoder: MultipartDecoder, known: Collection[str], found: dict[str, Part]
) -> Mapping[str, Part]:
    """Return what is `found` of the parts. Raises RequestError, ValueError, HTTPException."""
    name, gathered, part = "", bytearray(), Part(b"")
    while not isinstance(event := decoder.next_event(), Epilogue):
        if isinstance(event, NeedData):
            raise RequestError(400, "the form has no end", "Send it whole.")
        if isinstance(event, Field | File):
            name, gathered = event.name or "", bytearray()
            if name not in known:
                message = f"the form has an unknown part {quoted(name)}"
                raise RequestError(400, message, f"Parts: {', '.join(known)}.")
            if name in found:
                raise RequestError(400, f"the form has the part {name} twice", "Send each once.")
            file_name = (event.filename or "") if isinstance(event, File) else ""
            part = Part(b"", file_name, event.headers.get("content-type", ""))
        elif isinstance(event, Data):
            gathered += event.data
            if not event.more_data:
                found[name] = Part(bytes(gathered), part.file_name, part.media_type)
    return found
