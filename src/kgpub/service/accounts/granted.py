"""Who may do what, of those whom a proxy or OpenID Connect tells of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from kgpub.service.tokens.token import Scope
from kgpub.settings.accounts import AccountSettings


@dataclass(frozen=True)
class Granted:
    """For each scope the claims by one of which somebody has it.

    A claim reads `user:NAME` of whom a proxy names, `sub:ID`, `email:ADDRESS`, `group:NAME` of
    OpenID Connect. They are looked up at each request: who is taken out of the settings may no
    more, also in a session that has begun before.
    """

    by_scope: Mapping[Scope, frozenset[str]] = field(default_factory=dict)

    def scopes(self, claims: Iterable[str]) -> frozenset[Scope]:
        """Return what somebody of whom these claims hold may do."""
        held = frozenset(claims)
        return frozenset(scope for scope, those in self.by_scope.items() if held & those)

    @classmethod
    def of(cls, settings: AccountSettings) -> Granted:
        """Return what settings grant. Addresses of mail count in whatever case they are written."""
        by_scope = {Scope.submit: settings.submit, Scope.review: settings.review}
        return cls({scope: frozenset(map(_plain, those)) for scope, those in by_scope.items()})


def _plain(claim: str) -> str:
    return claim.lower() if claim.startswith("email:") else claim
