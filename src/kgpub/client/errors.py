"""What can go wrong when a service is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kgpub.errors import CallError, DataError

if TYPE_CHECKING:
    from kgpub.client.report import Report


class ServiceError(CallError):
    """A service cannot be reached, refuses a request, or answers with what it should not.

    `status` is the HTTP status code, 0 where there is no answer.
    """

    def __init__(self, message: str, remedy: str = "", status: int = 0) -> None:
        super().__init__(message, remedy)
        self.status = status


class Refused(DataError):
    """A submission is not taken since there are errors in it, which `report` tells."""

    def __init__(self, report: Report) -> None:
        super().__init__("there are errors in the submission; nothing was kept")
        self.report = report
