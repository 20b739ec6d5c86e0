"""A provider of OpenID Connect (OpenID Connect Core 1.0 and Discovery 1.0), by Authlib."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import httpx2
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.httpx_client import OAuth2Client
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from kgpub.service.errors import RequestError
from kgpub.settings.accounts import OpenId

_SECONDS = 10.0
_KEPT_SECONDS = 3600.0
_KEYS_SECONDS = 60.0
_MOST_BYTES = 2**18
_LEEWAY_SECONDS = 120
_ALGORITHMS = frozenset(
    f"{kind}{bits}" for kind in ("RS", "PS", "ES") for bits in (256, 384, 512)
) | {"EdDSA", "Ed25519"}
"""Of signatures that only the provider can make: none with a secret that both know."""
_ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")


@dataclass(frozen=True)
class Described:
    """What the provider says of itself, and when it was asked, by `ticks`."""

    metadata: Mapping[str, Any]
    at: float


class Provider:
    """The provider that `settings` name; `secret` is the client's, "" for none.

    Methods ask it over the network, in the thread that calls them, and raise RequestError. `ticks`
    are seconds from some moment on.
    """

    def __init__(self, settings: OpenId, secret: str, ticks: Callable[[], float]) -> None:
        self._settings = settings
        self._secret = secret
        self._ticks = ticks
        self._described: Described | None = None
        self._keys: tuple[float, KeySet] | None = None

    def address(self, redirect: str, state: str, nonce: str, verifier: str) -> str:
        """Return where to send a browser, which comes back to `redirect` with a code."""
        endpoint = self._metadata()["authorization_endpoint"]
        with self._client(redirect) as client:
            address, _ = client.create_authorization_url(
                endpoint, state=state, code_verifier=verifier, nonce=nonce
            )
        return str(address)

    def claims(self, redirect: str, code: str, verifier: str, nonce: str) -> Mapping[str, Any]:
        """Return what the provider says of whom it has given `code` (Core 1.0, section 3.1.3)."""
        metadata = self._metadata()
        try:
            with self._client(redirect) as client:
                token = client.fetch_token(
                    metadata["token_endpoint"],
                    grant_type="authorization_code",
                    code=code,
                    code_verifier=verifier,
                )
        except (httpx2.HTTPError, AuthlibBaseError, ValueError, KeyError, TypeError) as error:
            raise _refused("it gives no token for the code") from error
        try:
            return self._checked(token["id_token"], token.get("access_token"), nonce)
        except (JoseError, AuthlibBaseError, ValueError, KeyError, TypeError) as error:
            raise _refused("its ID token does not hold") from error

    def _checked(self, text: str, access_token: str | None, nonce: str) -> Mapping[str, Any]:
        """Return the claims of an ID token (Core 1.0, 3.1.3.7). Raises what Authlib raises."""
        told = self._metadata().get("id_token_signing_alg_values_supported") or ["RS256"]
        algorithms = sorted(_ALGORITHMS.intersection(told))
        if not algorithms:  # an empty list would allow what joserfc allows
            raise ValueError("it signs in no way that only it can")
        try:
            token = jwt.decode(text, self._key_set(), algorithms=algorithms)
        except (JoseError, ValueError):
            # It may have changed its keys; whoever sends nonsense does not have them fetched often.
            token = jwt.decode(text, self._key_set(fresh=True), algorithms=algorithms)
        client = self._settings.client
        claims = CodeIDToken(
            token.claims,
            token.header,
            {
                "iss": {"essential": True, "value": self._settings.issuer},
                "aud": {"essential": True, "value": client},
            },
            {"nonce": nonce, "client_id": client, "access_token": access_token},
        )
        claims.validate(leeway=_LEEWAY_SECONDS)
        return dict(claims)

    def _metadata(self) -> Mapping[str, Any]:
        """Return the provider's description (Discovery 1.0, section 4), an hour old at most."""
        now = self._ticks()
        if self._described is None or now > self._described.at + _KEPT_SECONDS:
            issuer = self._settings.issuer
            found = self._fetched(f"{issuer.rstrip('/')}/.well-known/openid-configuration")
            if not isinstance(found, dict) or found.get("issuer") != issuer:
                raise _refused("its description is of another issuer")
            if not all(self._is_safe(found.get(name)) for name in _ENDPOINTS):
                raise _refused("its description lacks an address that can be trusted")
            self._described = Described(found, now)
        return self._described.metadata

    def _key_set(self, fresh: bool = False) -> KeySet:
        now = self._ticks()
        kept = self._keys
        seconds = _KEYS_SECONDS if fresh else _KEPT_SECONDS
        if kept is None or now > kept[0] + seconds:
            found = self._fetched(self._metadata()["jwks_uri"])
            kept = self._keys = (now, KeySet.import_key_set(found))
        return kept[1]

    def _is_safe(self, address: object) -> bool:
        """Whether an address is of TLS, or of the same machine as an issuer without it."""
        if not isinstance(address, str):
            return False
        origin = re.match(r"https?://[^/?#]+", self._settings.issuer)
        is_own = origin is not None and address.startswith(f"{origin[0]}/")
        return address.startswith("https://") or is_own

    def _fetched(self, address: str) -> Any:
        content = b""
        try:
            with (
                httpx2.Client(timeout=_SECONDS, follow_redirects=False, trust_env=False) as client,
                client.stream("GET", address, headers={"Accept": "application/json"}) as answer,
            ):
                if answer.status_code != 200:
                    raise _refused(f"it answers {answer.status_code}")
                for part in answer.iter_bytes():
                    content += part
                    if len(content) > _MOST_BYTES:
                        raise _refused("it answers at too great length")
            return json.loads(content)
        except (httpx2.HTTPError, ValueError, RecursionError) as error:
            raise _refused("it cannot be asked") from error

    def _client(self, redirect: str) -> OAuth2Client:
        return OAuth2Client(
            self._settings.client,
            self._secret or None,
            scope=self._settings.scope,
            redirect_uri=redirect,
            code_challenge_method="S256",
            timeout=_SECONDS,
            follow_redirects=False,
            trust_env=False,
        )


def _refused(why: str) -> RequestError:
    return RequestError(502, f"the provider of OpenID Connect does not say who this is: {why}")
