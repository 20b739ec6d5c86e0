"""Who is let in besides holders of tokens: `[serve.accounts]` of `kgpub.toml`."""

from __future__ import annotations

import re
from typing import Annotated, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from kgpub.settings.values import Line, Network

_STRICT = ConfigDict(extra="forbid", frozen=True, strict=True)
_CLAIM = re.compile(r"(user|sub|email|group):\S(.*\S)?")
_FIELD_NAME = re.compile(r"[A-Za-z0-9-]{1,100}|")
_RESERVED = frozenset({"authorization", "cookie", "host", "origin", "x-forwarded-for"})


def _claim(text: str) -> str:
    if not _CLAIM.fullmatch(text):
        raise ValueError("it is none of user:NAME, sub:ID, email:ADDRESS, group:NAME")
    return text


def _field_name(text: str) -> str:
    if not _FIELD_NAME.fullmatch(text) or text.lower() in _RESERVED:
        raise ValueError("it is no name of a header field that tells a user")
    return text


def _issuer(text: str) -> str:
    if text and not re.match(r"https://|http://(localhost|127\.\d+\.\d+\.\d+|\[::1\])[:/]", text):
        raise ValueError("it does not begin with https://")
    return text


Claims = Annotated[
    tuple[Annotated[Line, AfterValidator(_claim)], ...], Field(strict=False, max_length=1_000)
]


class OpenId(BaseModel):
    """`[serve.accounts.openid]`: the provider of OpenID Connect by whom people sign in."""

    model_config = _STRICT

    issuer: Annotated[
        str,
        AfterValidator(_issuer),
        Field(description="the provider's issuer identifier, a URL; empty for none"),
    ] = ""
    client: Annotated[str, Field(description="the client ID that the provider knows kgpub by")] = ""
    secret_file: Annotated[
        str,
        Field(description="the file with the client's secret; empty for a public client"),
    ] = ""
    scope: Annotated[Line, Field(description="what is asked of the provider")] = (
        "openid email profile"
    )
    groups: Annotated[Line, Field(description="the claim that tells the groups of a user")] = (
        "groups"
    )

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if self.issuer and not self.client:
            raise ValueError("it names an issuer, but no client")
        return self


class AccountSettings(BaseModel):
    """`[serve.accounts]`: how people sign in, and what those may do who have no token."""

    model_config = _STRICT

    session_hours: Annotated[
        int, Field(ge=1, le=720, description="hours after which a browser has to sign in again")
    ] = 12
    trusted_header: Annotated[
        str,
        AfterValidator(_field_name),
        Field(description="the header field in which the proxy names the user; empty for none"),
    ] = ""
    trusted_proxies: Annotated[
        tuple[Network, ...],
        Field(
            strict=False,
            max_length=100,
            description="addresses or networks of proxies whose trusted_header is believed",
        ),
    ] = ()
    submit: Annotated[
        Claims,
        Field(
            description="who may submit: user:NAME of the proxy's; sub:ID, email:ADDRESS, "
            "group:NAME of OpenID Connect"
        ),
    ] = ()
    review: Annotated[Claims, Field(description="who may review; as submit")] = ()
    openid: Annotated[OpenId, Field(description="the table [serve.accounts.openid]")] = OpenId()

    @model_validator(mode="after")
    def _names_proxies(self) -> Self:
        if self.trusted_header and not self.trusted_proxies:
            raise ValueError("it names a trusted_header, but no trusted_proxies")
        return self
