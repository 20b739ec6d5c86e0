"""Connections between two requests, which are closed where the next one does not come soon."""

from __future__ import annotations

from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol


class Resting(HttpToolsProtocol):
    """uvicorn's, in which a request may be answered without a timer's being stopped and set anew.

    That takes longer than much of an answer.
    """

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._rests_since = 0.0
        """When such a request was answered last, by the loop's clock."""

    def rest(self) -> None:
        """Wait for the next request, as `on_response_complete` does where no other has come yet."""
        self.server_state.total_requests += 1
        self._rests_since = self.loop.time()
        if self.timeout_keep_alive_task is None:
            self._set_timer(self.timeout_keep_alive)

    def timeout_keep_alive_handler(self) -> None:
        """See HttpToolsProtocol."""
        left = self._rests_since + self.timeout_keep_alive - self.loop.time()
        if left > 0:
            self._set_timer(left)
        else:
            self.end_rest()

    def end_rest(self) -> None:
        """Close the connection: the next request has not come."""
        super().timeout_keep_alive_handler()

    def _set_timer(self, seconds: float) -> None:
        handler = self.timeout_keep_alive_handler
        self.timeout_keep_alive_task = self.loop.call_later(seconds, handler)
