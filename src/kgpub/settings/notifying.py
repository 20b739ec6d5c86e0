"""Whom the server tells of submissions: `[notify]` of `kgpub.toml`."""

from __future__ import annotations

from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from kgpub.settings.values import Host, Iri, Line

_STRICT = ConfigDict(extra="forbid", frozen=True, strict=True)

Told = Literal["received", "decided", "published"]


def _receiver(text: str) -> str:
    parts = urlsplit(text)
    try:
        has_port = parts.port != 0
    except ValueError:
        has_port = False
    if not parts.hostname or not has_port or parts.username is not None or parts.fragment:
        raise ValueError("it is no address of a host, without a user and without #")
    if not text.isascii() or " " in text:
        raise ValueError("it holds characters that an address has percent-encoded only")
    return text


class Webhook(BaseModel):
    """`[[notify.webhooks]]`: an address that is told."""

    model_config = _STRICT

    url: Annotated[
        Iri, AfterValidator(_receiver), Field(description="the address that is told, by POST")
    ]
    secret_file: Annotated[
        Line, Field(description="the file with the secret that messages are signed with")
    ]
    events: Annotated[
        tuple[Told, ...],
        Field(
            strict=False,
            min_length=1,
            description="what is told: received, decided, published",
        ),
    ] = ("received", "decided", "published")


class Notifying(BaseModel):
    """`[notify]`: webhooks, and which hosts of one's own network they may lead to."""

    model_config = _STRICT

    webhooks: Annotated[
        tuple[Webhook, ...],
        Field(strict=False, max_length=20, description="the tables [[notify.webhooks]]"),
    ] = ()
    internal_hosts: Annotated[
        tuple[Host, ...],
        Field(
            strict=False,
            max_length=100,
            description="hosts that may have addresses which are not of the open internet, and "
            "need no TLS",
        ),
    ] = ()
