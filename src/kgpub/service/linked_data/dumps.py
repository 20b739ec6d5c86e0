"""The files of the output folder, to download: the whole dataset, as `kgpub build` wrote it."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from kgpub.documents.dumps import FILES, PREFIX, SUMS, downloads_of
from kgpub.pages.home import Download
from kgpub.service.errors import RequestError
from kgpub.service.linked_data.answers import refused
from kgpub.service.linked_data.files import Opened, checksum_in, sent
from kgpub.service.work import Work
from kgpub.store.durable import is_regular, read_regular

_TRIES = 5
_AGAIN_SECONDS = 0.02


@dataclass(frozen=True)
class Dumps:
    """The files in `folder`, which is replaced as a whole by each build."""

    folder: Path
    work: Work

    def routes(self) -> list[Route]:
        """Return the route of all files, each by its name."""
        return [Route(f"/{PREFIX}{{name}}", self.answer)]

    def downloads(self) -> Sequence[Download]:
        """Return the files that are there, for a page that lists them."""
        return downloads_of(self.folder)

    async def answer(self, request: Request) -> Response:
        """Return a file, or the part of it that is asked for."""
        name = request.path_params["name"]
        if name not in FILES:
            return refused(RequestError(404, "there is no such file"))
        try:
            opened = await self.work.run(lambda _: self._opened(name))
        except RequestError as error:
            return refused(error)
        return sent(request, opened, FILES[name])

    def _opened(self, name: str) -> Opened:
        """Open a file, together with the list of checksums that was written with it.

        A build moves the folder away and another in its place; then this is tried again.
        """
        for tried in range(_TRIES):
            if tried:
                time.sleep(_AGAIN_SECONDS)
            try:
                listing = read_regular(self.folder / SUMS)
                checksum = checksum_in(listing, name)
                if checksum is None or not is_regular(self.folder / name):
                    continue
                opened = Opened.at(self.folder / name, checksum)
                if read_regular(self.folder / SUMS) == listing:
                    return opened
                opened.stream.close()
            except OSError:
                continue
        raise RequestError(404, "there is no such file")
