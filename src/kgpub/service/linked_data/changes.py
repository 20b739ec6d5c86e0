"""What changed from release to release, `{base}release/changes/`: pages, feeds, patches, stream."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

from starlette.requests import Request
from starlette.responses import Response

from kgpub.documents.dumps import SUMS
from kgpub.documents.releases import is_inside, type_of
from kgpub.pages.addresses import relative
from kgpub.pages.policy import FRAMED
from kgpub.pages.releases import CHANGES
from kgpub.service.http.headers import PAGE_TYPE
from kgpub.service.http.negotiation import language_of
from kgpub.service.linked_data.answers import elsewhere
from kgpub.service.linked_data.files import Opened, sent
from kgpub.service.work import Work

_TYPES = {
    ".html": PAGE_TYPE,
    ".atom": "application/atom+xml",
    ".trig": "application/trig",
    ".json": "application/json",
    ".rdfp": "application/rdf-patch",
    SUMS: type_of(SUMS),
}
# Each page has its own style, and says by its digest that it has no other.
_POLICY = f"default-src 'none'; style-src 'unsafe-inline'; form-action 'none'; {FRAMED}"


async def change(
    request: Request, folder: Path, name: str, address: str, opening: Work
) -> Response | None:
    """Answer with a file of the folder of releases' changes, None where there is none.

    `address` is that of the request. Without a name it leads to the page in the language that the
    client prefers.
    """
    if not name:
        target = f"{address.removesuffix('/')}/index.{language_of(request)}.html"
        return elsewhere(relative(target, address), "Accept-Language")
    path = PurePosixPath(name)
    content_type = _TYPES.get(SUMS if path.name == SUMS else path.suffix)
    if content_type is None:
        return None
    opened = await opening.run(lambda _: _opened(folder / CHANGES, name))
    if opened is None:
        return None
    response = sent(request, opened, content_type)
    if content_type == PAGE_TYPE:
        response.headers["Content-Security-Policy"] = _POLICY
    return response


def _opened(place: Path, name: str) -> Opened | None:
    """Open a file. Each is replaced as a whole, so that its time and size tell its content."""
    if any(part.startswith(".") for part in name.split("/")):
        return None
    path = place / name
    try:
        if not is_inside(path, place):
            return None
        told = path.stat()
        return Opened.at(path, f"{told.st_ino:x}-{told.st_mtime_ns:x}-{told.st_size:x}")
    except (OSError, ValueError):
        return None
