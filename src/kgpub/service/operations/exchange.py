"""One request and its answer, as both go by."""

from __future__ import annotations

from starlette.types import Message, Scope, Send

from kgpub.service.immediate import Seen

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class Exchange:
    """Passes an answer on with `pass_on`, and sees what it is.

    `status` is 0 before it begins, `size` counts the bytes of its body, and `is_whole` tells
    whether its end has been sent. To HEAD the server sends no body, whatever the application does.
    """

    __slots__ = ("_has_body", "_send", "is_whole", "size", "status")

    def __init__(self, scope: Scope, send: Send) -> None:
        self._send = send
        self._has_body = scope["method"] != "HEAD"
        self.status = 0
        self.size = 0
        self.is_whole = False

    @property
    def seen(self) -> Seen:
        """What has been passed on so far."""
        return Seen(self.status, self.size, self.is_whole)

    async def pass_on(self, message: Message) -> None:
        """Send a part of the answer."""
        kind = message["type"]
        if kind == "http.response.body":
            await self._send(message)
            if self._has_body:
                self.size += len(message.get("body", b""))
            self.is_whole = not message.get("more_body", False)
            return
        if kind == "http.response.start":
            self.status = message["status"]
        await self._send(message)


def route_of(scope: Scope) -> str:
    """Return the template of the route that took a request, "" where none did."""
    return getattr(scope.get("route"), "path", "")


def method_of(scope: Scope) -> str:
    """Return the method of a request, "other" for what only clients know."""
    method: str = scope["method"]
    return method if method in _METHODS else "other"
