"""What a request can do wrong."""

from __future__ import annotations

from kgpub.errors import CallError


class RequestError(CallError):
    """A request that is not served; `status` is the HTTP status code (RFC 9110, section 15)."""

    def __init__(self, status: int, message: str, remedy: str = "", excerpt: str = "") -> None:
        super().__init__(message, remedy, excerpt)
        self.status = status
