"""Who the reverse proxy says is asking, where it signs people in."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from ipaddress import ip_network

from starlette.requests import HTTPConnection

from kgpub.service.errors import RequestError
from kgpub.service.http.addresses import parsed, peer_of
from kgpub.submissions.submission import Account

_LOG = logging.getLogger(__name__)
_TOLD_SECONDS = 60.0
_MOST_NAME = 200


@dataclass
class Proxied:
    """Believes the field `header` of requests from `proxies` (addresses or networks).

    `ticks` are seconds from some moment on.
    """

    header: str
    proxies: Sequence[str]
    ticks: Callable[[], float]
    _told: float = field(default=float("-inf"), init=False)

    def __post_init__(self) -> None:
        self._networks = [ip_network(each) for each in self.proxies]

    def account(self, request: HTTPConnection) -> Account | None:
        """Return who asks, None where no proxy tells. Raises RequestError for what is no name."""
        values = request.headers.getlist(self.header) if self.header else []
        if not values:
            return None
        if not self._is_trusted(request):
            self._tell(request)
            return None
        name = _name(values[0]) if len(values) == 1 else ""
        if not name:
            raise RequestError(401, f"{self.header} is no name of a user", "")
        return Account(f"user/{name}", name)

    def _is_trusted(self, request: HTTPConnection) -> bool:
        address = parsed(peer_of(request.scope))
        return address is not None and any(address in network for network in self._networks)

    def _tell(self, request: HTTPConnection) -> None:
        """Tell of it once a minute: whoever sends it may send it often."""
        now = self.ticks()
        if now >= self._told + _TOLD_SECONDS:
            self._told = now
            message = "%s comes from %s, which is no trusted proxy, and is ignored"
            _LOG.warning(message, self.header, peer_of(request.scope) or "nowhere")


def _name(value: str) -> str:
    """Return a name, "" for what is none: proxies send UTF-8, or what it has in common."""
    try:
        name = value.encode("latin-1").decode("utf-8").strip()
    except UnicodeDecodeError:
        return ""
    return name if name.isprintable() and len(name) <= _MOST_NAME else ""
