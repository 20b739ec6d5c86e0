"""How a workspace is served: the table `[serve]` of `kgpub.toml`."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from kgpub.settings.accounts import AccountSettings
from kgpub.settings.values import Host, Iri, Network, Origin

_MEBIBYTE = 2**20
_MOST_BYTES = 2**50
_STRICT = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)

Count = Annotated[int | None, Field(ge=1, le=65_536)]
Many = Annotated[int | None, Field(ge=1, le=10**12)]
Bytes = Annotated[int | None, Field(ge=1024, le=_MOST_BYTES)]
Seconds = Annotated[float | None, Field(ge=0.01, le=86_400)]


class Queries(BaseModel):
    """`[serve.queries]`: how much queries may take, all clients' together.

    The fields are those of `kgpub.service.sparql.limits.QueryLimits`, and so are the values of
    what is None here.
    """

    model_config = _STRICT

    quick: Annotated[Count, Field(description="queries that are evaluated side by side")] = None
    slow: Annotated[
        Count, Field(description="queries that take long and go on besides, at a lower priority")
    ] = None
    parked: Annotated[
        int | None,
        Field(ge=0, le=4096, description="such queries that stand still until one of them ends"),
    ] = None
    spare: Annotated[
        int | None, Field(ge=0, le=256, description="processes that stand ready besides")
    ] = None
    waiting: Annotated[Count, Field(description="queries that wait for their turn")] = None
    quick_seconds: Annotated[
        Seconds, Field(description="seconds from which on a query takes long")
    ] = None
    seconds: Annotated[
        Seconds, Field(description="seconds that a query may take, waiting included")
    ] = None
    memory: Annotated[
        int | None,
        Field(
            ge=64 * _MEBIBYTE,
            le=_MOST_BYTES,
            description="bytes of memory for a query, beyond what its process begins with",
        ),
    ] = None
    answer: Annotated[Bytes, Field(description="bytes of an answer")] = None
    kept: Annotated[
        Bytes, Field(description="bytes of all answers that clients have not fetched yet")
    ] = None
    query: Annotated[
        int | None,
        Field(ge=1024, le=16 * _MEBIBYTE, description="bytes of the body of a request"),
    ] = None
    start_seconds: Annotated[
        Seconds, Field(description="seconds in which a process must be ready")
    ] = None
    cached_answer: Annotated[
        int | None,
        Field(ge=0, le=_MOST_BYTES, description="bytes of an answer up to which it is cached"),
    ] = None
    cache: Annotated[
        int | None, Field(ge=0, le=_MOST_BYTES, description="bytes of all answers that are cached")
    ] = None
    in_memory: Annotated[
        int | None,
        Field(
            ge=0, le=_MOST_BYTES, description="bytes of a build on disk that is held in memory, too"
        ),
    ] = None


class Updates(BaseModel):
    """`[serve.update_limits]`: how much updates may take, where they are allowed.

    The fields are those of `kgpub.service.sparql.updates.UpdateLimits`, and so are the values of
    what is None here.
    """

    model_config = _STRICT

    text: Annotated[
        Bytes, Field(description="bytes of an update; more than `queries.query` cannot be sent")
    ] = None
    seconds: Annotated[Seconds, Field(description="seconds that an update may take")] = None
    wait_seconds: Annotated[
        Seconds, Field(description="seconds that it may wait for others and for a build")
    ] = None
    waiting: Annotated[Count, Field(description="updates that wait for their turn")] = None
    memory: Annotated[
        int | None,
        Field(
            ge=64 * _MEBIBYTE,
            le=_MOST_BYTES,
            description="bytes of memory for an update, beyond what its process begins with",
        ),
    ] = None
    stored: Annotated[
        Bytes, Field(description="bytes of the graphs that updates have made, as N-Quads")
    ] = None
    quads: Annotated[Many, Field(description="quads that an update may change")] = None
    added: Annotated[Bytes, Field(description="bytes that it may add, as N-Quads")] = None
    solutions: Annotated[Many, Field(description="solutions of one of its operations")] = None


class Submissions(BaseModel):
    """`[serve.submission_limits]`: how much submissions may take, where they are taken.

    The fields are those of `kgpub.service.submitting.limits.SubmissionLimits`, and so are the
    values of what is None here.
    """

    model_config = _STRICT

    body: Annotated[
        int | None,
        Field(
            ge=1024,
            le=16 * _MEBIBYTE,
            description="bytes of a submission with its article, unpacked",
        ),
    ] = None
    processes: Annotated[
        int | None, Field(ge=1, le=64, description="submissions that are checked side by side")
    ] = None
    waiting: Annotated[Count, Field(description="submissions that wait to be checked")] = None
    seconds: Annotated[
        Seconds, Field(description="seconds that a check may take, waiting included")
    ] = None
    memory: Annotated[
        int | None,
        Field(
            ge=64 * _MEBIBYTE,
            le=_MOST_BYTES,
            description="bytes of memory for a check, beyond what its process begins with",
        ),
    ] = None
    start_seconds: Annotated[
        Seconds, Field(description="seconds in which a process that checks must be ready")
    ] = None
    per_minute: Annotated[
        int | None,
        Field(
            ge=1,
            le=10**6,
            description="validations a minute that one address may ask for without a token",
        ),
    ] = None
    queued: Annotated[
        Count, Field(description="submissions that may wait to be decided at the same time")
    ] = None


class Connections(BaseModel):
    """`[serve.connections]`: what clients may send before anybody looks at it.

    The fields are those of `kgpub.service.connections.ConnectionLimits`, and so are the values of
    what is None here.
    """

    model_config = _STRICT

    target: Annotated[Bytes, Field(description="bytes of a request's address")] = None
    fields: Annotated[Bytes, Field(description="bytes of all its header fields")] = None
    head_seconds: Annotated[
        Seconds, Field(description="seconds in which address and header fields must come")
    ] = None
    stalled_seconds: Annotated[
        Seconds, Field(description="seconds after which a client that reads nothing is given up")
    ] = None
    connections: Annotated[Count, Field(description="connections at the same time")] = None


class Serving(BaseModel):
    """`[serve]`: where and to whom. Everything has a default that is right for one machine."""

    model_config = _STRICT

    public_url: Annotated[
        Origin,
        Field(description="scheme and host as clients see them; empty to take them from requests"),
    ] = ""
    host: Annotated[Host, Field(description="the address to listen on; 0.0.0.0 for all")] = (
        "127.0.0.1"
    )
    port: Annotated[int, Field(ge=0, le=65_535, description="the port; 0 for any")] = 8000
    processes: Annotated[
        int | None,
        Field(ge=1, le=64, description="processes that serve; as many as processors, up to 4"),
    ] = None
    proxies: Annotated[
        tuple[Network, ...],
        Field(
            strict=False,
            max_length=100,
            description="addresses or networks whose X-Forwarded-For and -Proto are believed",
        ),
    ] = ("127.0.0.1", "::1")
    federation: Annotated[
        tuple[Iri, ...],
        Field(strict=False, max_length=100, description="endpoints that SERVICE may ask"),
    ] = ()
    updates: Annotated[
        bool, Field(description="whether whoever has a token of scope update may update")
    ] = False
    submissions: Annotated[
        bool,
        Field(
            description="whether facts are checked for anyone, and taken of those who may submit"
        ),
    ] = False
    metrics: Annotated[
        Literal["local", "token", "public"],
        Field(
            description="who reads /metrics: local, only this machine and no proxy; token, whoever "
            "has one of scope metrics; public, everyone"
        ),
    ] = "local"
    access_log: Annotated[
        bool, Field(description="whether each request is logged, a line of JSON on standard error")
    ] = True
    logged_addresses: Annotated[
        Literal["shortened", "whole", "none"],
        Field(
            description="addresses of clients in that log: shortened, to the network of 256 or of "
            "an IPv6 site; whole; none"
        ),
    ] = "shortened"
    queries: Annotated[Queries, Field(description="the table [serve.queries]")] = Queries()
    update_limits: Annotated[Updates, Field(description="the table [serve.update_limits]")] = (
        Updates()
    )
    submission_limits: Annotated[
        Submissions, Field(description="the table [serve.submission_limits]")
    ] = Submissions()
    connections: Annotated[Connections, Field(description="the table [serve.connections]")] = (
        Connections()
    )
    accounts: Annotated[AccountSettings, Field(description="the table [serve.accounts]")] = (
        AccountSettings()
    )
