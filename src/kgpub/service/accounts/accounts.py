"""Who a request comes from, and what they may do."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import HTTPConnection

from kgpub.service.tokens.admission import Admission
from kgpub.service.tokens.token import Scope
from kgpub.submissions.submission import Account


@dataclass(frozen=True)
class Holder:
    """Whoever is let in: `account` tells who it is, `scopes` what they may do."""

    account: Account
    scopes: frozenset[Scope]


class Accounts:
    """Lets in those who may do something."""

    def __init__(self, admission: Admission) -> None:
        self._admission = admission

    def admitted(self, request: HTTPConnection, scope: Scope, form_token: str = "") -> Holder:
        """Return who asks, if they may do what `scope` allows. Raises RequestError, StoreError.

        `form_token` is what a form has sent under the name that `form_token` gives; requests of
        browsers that change something are refused without it or the header X-CSRF-Token.
        """
        token = self._admission.admitted(request, scope)
        return Holder(Account(f"token/{token.id}", token.name), token.scopes)
