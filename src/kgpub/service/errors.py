"""What a request can do wrong."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from kgpub.errors import CallError

_NONE: Mapping[str, str] = MappingProxyType({})
RETRY: Mapping[str, str] = MappingProxyType({"Retry-After": "2"})
"""For an answer to what may be right soon, as it is (RFC 9110, section 10.2.3)."""


class RequestError(CallError):
    """A request that is not served; `status` is the HTTP status code (RFC 9110, section 15).

    `headers` belong to the answer.
    """

    def __init__(
        self,
        status: int,
        message: str,
        remedy: str = "",
        excerpt: str = "",
        headers: Mapping[str, str] = _NONE,
    ) -> None:
        super().__init__(message, remedy, excerpt)
        self.status = status
        self.headers = headers
