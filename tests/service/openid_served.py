"""A provider of OpenID Connect on loopback, of Authlib's server part: what it gives is its own."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from authlib.oauth2 import AuthorizationServer
from authlib.oauth2.rfc6749 import OAuth2Request
from authlib.oauth2.rfc6749.grants import AuthorizationCodeGrant
from authlib.oauth2.rfc6749.requests import BasicOAuth2Payload
from authlib.oauth2.rfc6750 import BearerTokenGenerator
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oidc.core.grants import OpenIDCode
from joserfc.jwk import KeySet, RSAKey

CLIENT, SECRET = "kgpub", "a-secret-of-the-client"


class _Request(OAuth2Request):
    """A request as Authlib reads it."""

    def __init__(self, method: str, uri: str, headers: Mapping[str, str], form: str) -> None:
        super().__init__(method, uri, headers=dict(headers))
        self._args = dict(parse_qsl(urlsplit(uri).query))
        self._form = dict(parse_qsl(form))
        self.payload = BasicOAuth2Payload({**self._args, **self._form})

    @property
    def args(self) -> dict[str, str]:
        return self._args

    @property
    def form(self) -> dict[str, str]:
        return self._form


@dataclass
class _Client:
    """The one client that is registered: confidential, and with one address to come back to."""

    redirect: str

    def get_client_id(self) -> str:
        return CLIENT

    def get_default_redirect_uri(self) -> str:
        return self.redirect

    def get_allowed_scope(self, scope: str) -> str:
        return scope

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        return redirect_uri == self.redirect

    def check_client_secret(self, client_secret: str) -> bool:
        return client_secret == SECRET

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        return method == "client_secret_basic"

    def check_response_type(self, response_type: str) -> bool:
        return response_type == "code"

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type == "authorization_code"

    @property
    def id_token_signed_response_alg(self) -> str:
        return "RS256"


@dataclass
class _Code:
    """What a code stands for, as Authlib asks it."""

    code: str
    asked: Mapping[str, str]
    user: Mapping[str, Any]
    at: int = field(default_factory=lambda: int(time.time()))

    @property
    def code_challenge(self) -> str | None:
        return self.asked.get("code_challenge")

    @property
    def code_challenge_method(self) -> str | None:
        return self.asked.get("code_challenge_method")

    def get_redirect_uri(self) -> str | None:
        return self.asked.get("redirect_uri")

    def get_scope(self) -> str:
        return self.asked.get("scope", "")

    def get_nonce(self) -> str | None:
        return self.asked.get("nonce")

    def get_auth_time(self) -> int:
        return self.at

    def get_acr(self) -> None:
        return None

    def get_amr(self) -> None:
        return None


@dataclass
class Provider:
    """What the provider says, to be changed by tests: `user` has the claims of whoever comes.

    `changes` are laid over its description, `claims` over those of its ID tokens; None as the user
    refuses. `asked` are the parameters of the last request to authorise, `paths` all paths that
    were asked for, `keys` those that it signs with and publishes.
    """

    origin: str = ""
    redirect: str = ""
    user: Mapping[str, Any] | None = field(default_factory=lambda: {"sub": "1", "name": "Layla"})
    changes: dict[str, Any] = field(default_factory=dict)
    claims: dict[str, Any] = field(default_factory=dict)
    asked: dict[str, str] = field(default_factory=dict)
    paths: list[str] = field(default_factory=list)
    codes: dict[str, _Code] = field(default_factory=dict)
    signs_with: RSAKey = field(default_factory=lambda: _key("first"))
    publishes: list[RSAKey] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.publishes = [self.signs_with]

    def rolled(self) -> None:
        """Have it sign with, and publish, another key."""
        self.signs_with = _key("second")
        self.publishes = [self.signs_with]

    @property
    def description(self) -> dict[str, Any]:
        return {
            "issuer": self.origin,
            "authorization_endpoint": f"{self.origin}/authorize",
            "token_endpoint": f"{self.origin}/token",
            "jwks_uri": f"{self.origin}/keys",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            **self.changes,
        }

    @cached_property
    def server(self) -> AuthorizationServer:
        provider = self

        class Server(AuthorizationServer):  # type: ignore[misc]
            def query_client(self, client_id: str) -> _Client | None:
                return _Client(provider.redirect) if client_id == CLIENT else None

            def save_token(self, token: Any, request: Any) -> None:
                pass

            def create_oauth2_request(self, request: _Request) -> _Request:
                return request

            def handle_response(self, status: int, payload: Any, headers: Any) -> Any:
                return status, payload, headers

            def send_signal(self, name: str, *args: Any, **kwargs: Any) -> None:
                pass

        class Grant(AuthorizationCodeGrant):  # type: ignore[misc]
            TOKEN_ENDPOINT_AUTH_METHODS = ("client_secret_basic",)

            def save_authorization_code(self, code: str, request: Any) -> None:
                provider.codes[code] = _Code(code, dict(request.payload.data), request.user)

            def query_authorization_code(self, code: str, client: _Client) -> _Code | None:
                return provider.codes.get(code)

            def delete_authorization_code(self, authorization_code: _Code) -> None:
                del provider.codes[authorization_code.code]

            def authenticate_user(self, authorization_code: _Code) -> Mapping[str, Any]:
                return authorization_code.user

        class Code(OpenIDCode):  # type: ignore[misc]
            def exists_nonce(self, nonce: str, request: Any) -> bool:
                return any(each.get_nonce() == nonce for each in provider.codes.values())

            def resolve_client_private_key(self, client: _Client) -> Any:
                return KeySet([provider.signs_with])

            def get_encode_header(self, client: _Client) -> dict[str, Any]:
                return {"alg": "RS256", "kid": provider.signs_with.kid}

            def get_client_claims(self, client: _Client) -> dict[str, Any]:
                return {"iss": provider.origin}

            def generate_user_info(self, user: Mapping[str, Any], scope: str) -> dict[str, Any]:
                return {**user, **provider.claims}

        server = Server()
        server.register_token_generator(
            "default", BearerTokenGenerator(lambda **_: f"access-{time.time_ns()}")
        )
        server.register_grant(Grant, [Code(require_nonce=True), CodeChallenge(required=True)])
        return server

    def answer(self, request: _Request) -> tuple[int, Any, Any]:
        path = urlsplit(request.uri).path
        self.paths.append(path)
        if path == "/.well-known/openid-configuration":
            return 200, self.description, []
        if path == "/keys":
            return 200, {"keys": [each.as_dict(private=False) for each in self.publishes]}, []
        if path == "/token":
            found: tuple[int, Any, Any] = self.server.create_token_response(request)
            return found
        if path == "/authorize":
            self.asked = request.args
            grant = self.server.get_consent_grant(request, end_user=self.user)
            given: tuple[int, Any, Any] = self.server.create_authorization_response(
                request, grant_user=self.user, grant=grant
            )
            return given
        return 404, {}, []


def _key(name: str) -> RSAKey:
    return RSAKey.generate_key(2048, parameters={"kid": name, "use": "sig", "alg": "RS256"})


@contextmanager
def provider() -> Iterator[Provider]:
    """Run a provider; its `redirect` is to be set before anybody is sent there."""
    found = Provider()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _answer(self) -> None:
            length = int(self.headers.get("content-length", 0))
            form = self.rfile.read(length).decode()
            request = _Request(self.command, found.origin + self.path, self.headers, form)
            status, payload, headers = found.answer(request)
            content = payload if isinstance(payload, str) else json.dumps(payload or {})
            self.send_response(status)
            for name, value in headers:
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content.encode())))
            self.end_headers()
            self.wfile.write(content.encode())

        do_GET = do_POST = _answer

        def log_message(self, *arguments: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        found.origin = f"http://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield found
        finally:
            server.shutdown()
            thread.join()
