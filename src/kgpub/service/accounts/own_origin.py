"""The origin that this site has for browsers, and whether a request comes from a page of it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from starlette.requests import HTTPConnection

from kgpub.service.errors import RequestError
from kgpub.service.http.reading import origin_of

_LOOPBACK = re.compile(r"http://(localhost|127\.\d{1,3}\.\d{1,3}\.\d{1,3}|\[::1\])(:\d{1,5})?")
_FOREIGN = "this comes from a page of another site"
_REMEDY = "Do it on this site's own page."


@dataclass(frozen=True)
class OwnOrigin:
    """`public` is scheme and host as clients see them, "" to take them from requests."""

    public: str = ""

    def of(self, request: HTTPConnection) -> str:
        """Return scheme and host. Raises RequestError where the request names no host."""
        return self.public or origin_of(request)

    def is_secure(self, request: HTTPConnection) -> bool:
        """Whether browsers reach it by TLS. Raises RequestError."""
        return self.of(request).startswith("https://")

    def takes_secrets(self, request: HTTPConnection) -> bool:
        """Whether nobody on the way reads what a browser sends. Raises RequestError."""
        return self.is_secure(request) or _LOOPBACK.fullmatch(self.of(request)) is not None

    def require(self, request: HTTPConnection, *, proven: bool = False) -> None:
        """Raise RequestError for what a page of another site has a browser send.

        Browsers tell by Sec-Fetch-Site (W3C, Fetch Metadata) and Origin (Fetch, section 3.2). With
        `proven`, one of them must be there.
        """
        site = request.headers.get("sec-fetch-site")
        origin = request.headers.get("origin")
        if site not in (None, "same-origin"):
            raise RequestError(403, _FOREIGN, _REMEDY)
        self.require_of_script(request)
        if proven and site is None and origin is None:
            raise RequestError(403, "the browser does not tell which page this comes from", _REMEDY)

    def require_of_script(self, request: HTTPConnection) -> None:
        """Raise RequestError for what a script of another site sends, and may read the answer of.

        Where a link was followed from there, no Origin is sent.
        """
        origin = request.headers.get("origin")
        if origin is not None and _plain(origin) != _plain(self.of(request)):
            raise RequestError(403, _FOREIGN, _REMEDY)


def _plain(origin: str) -> str:
    """Return an origin without what may be left out: the port that its scheme has anyway."""
    lowered = origin.lower()
    port = ":443" if lowered.startswith("https:") else ":80"
    return lowered.removesuffix(port)
