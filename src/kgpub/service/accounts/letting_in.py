"""Accounts as the settings of a workspace have them, and the pages to sign in on."""

from __future__ import annotations

import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from starlette.routing import Route

from kgpub.errors import WorkspaceError
from kgpub.pages.rendering import Site
from kgpub.service.accounts.accounts import Accounts
from kgpub.service.accounts.granted import Granted
from kgpub.service.accounts.own_origin import OwnOrigin
from kgpub.service.accounts.proxied import Proxied
from kgpub.service.accounts.recorded import Recorded
from kgpub.service.accounts.sessions import Sessions
from kgpub.service.accounts.signing_in import SigningIn
from kgpub.service.limits import DEFAULT_LIMITS
from kgpub.service.tokens.admission import Admission
from kgpub.service.work import Work
from kgpub.settings import AccountSettings, Serving, secret_in
from kgpub.submissions.audit import Audit

_ASKING = replace(DEFAULT_LIMITS, threads=4, waiting=32, seconds=30.0)


@dataclass(frozen=True)
class LettingIn:
    """Who is let in, and the routes by which they sign in."""

    accounts: Accounts
    routes: Sequence[Route]


def recorded(state: Path, serve: Serving) -> Recorded:
    """Return what notes who signs in, in the workspace whose state lies in `state`."""
    audit = Audit(state, lambda: datetime.now(UTC)) if serve.submissions else None
    return Recorded(audit, serve.logged_addresses, time.monotonic)


def letting_in(
    root: Path, state: Path, serve: Serving, site: Site, admission: Admission, noted: Recorded
) -> LettingIn:
    """Return who is let in; nobody signs in where nothing is submitted.

    `root` is the workspace's folder, which files of secrets are named from. Raises WorkspaceError
    where one cannot be read, or what a setting needs is not installed.
    """
    if not serve.submissions:
        return LettingIn(Accounts(admission), ())
    settings, own = serve.accounts, OwnOrigin(serve.public_url)
    life = timedelta(hours=settings.session_hours)
    sessions = Sessions(state, lambda: datetime.now(UTC), secrets.token_bytes, life)
    proxied = None
    if settings.trusted_header:
        proxied = Proxied(settings.trusted_header, settings.trusted_proxies, time.monotonic)
    accounts = Accounts(admission, sessions, own, Granted.of(settings), proxied)
    has_openid = bool(settings.openid.issuer)
    signing = SigningIn(site, accounts, admission, sessions, own, noted, life, has_openid)
    routes = signing.routes()
    if has_openid:
        routes += _of_openid(root, settings, signing)
    return LettingIn(accounts, routes)


def _of_openid(root: Path, settings: AccountSettings, signing: SigningIn) -> list[Route]:
    try:
        # Authlib comes with an extra.
        from kgpub.service.accounts.openid import OpenIdRoutes
        from kgpub.service.accounts.provider import Provider
    except ImportError as error:
        message = "serve.accounts.openid: Authlib is not installed"
        raise WorkspaceError(message, "Install it: pip install 'kgpub[oidc]'") from error
    openid = settings.openid
    secret = secret_in(root / openid.secret_file) if openid.secret_file else ""
    provider = Provider(openid, secret, time.monotonic)
    work = Work(_ASKING, time.monotonic)
    by_openid = OpenIdRoutes(signing, provider, openid.groups, work, time.time, secrets.token_bytes)
    return by_openid.routes()
