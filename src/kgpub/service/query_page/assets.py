"""The editor's files: what `npm run build` in `web/` writes beside this module, if it was run."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

from kgpub.service.http.codings import takes
from kgpub.service.http.tags import is_fresh, tag_of

FOLDER = Path(__file__).with_name("assets")
SCRIPT = "query.js"
_MEDIA_TYPES = {
    ".js": "text/javascript; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
}


@dataclass(frozen=True)
class Asset:
    """A file as it is sent: with its media type, and packed by gzip."""

    content: bytes
    packed: bytes
    media_type: str

    @property
    def digest(self) -> str:
        """What changes with the content: 12 hexadecimal digits of its SHA-256."""
        return hashlib.sha256(self.content).hexdigest()[:12]

    def answer(self, request: Request, headers: Mapping[str, str]) -> Response:
        """Return what is sent, with these headers; nothing to who has it already."""
        told = {**headers, "ETag": tag_of(self.digest)}
        if is_fresh(request, told["ETag"]):
            return Response(status_code=304, headers=told)
        if takes(request, "gzip"):
            packed = {**told, "Content-Encoding": "gzip"}
            return Response(self.packed, headers=packed, media_type=self.media_type)
        return Response(self.content, headers=told, media_type=self.media_type)


def made(content: bytes, media_type: str) -> Asset:
    """Return an asset, packed; the same content is always packed alike."""
    return Asset(content, gzip.compress(content, mtime=0), media_type)


def assets(folder: Path = FOLDER, script: str = SCRIPT) -> Mapping[str, Asset]:
    """Return the files by their names; none where the editor, `script`, was not built."""
    if not (folder / script).is_file():
        return {}
    return {
        path.name: made(path.read_bytes(), _MEDIA_TYPES[path.suffix])
        for path in sorted(folder.iterdir())
        if path.suffix in _MEDIA_TYPES
    }
