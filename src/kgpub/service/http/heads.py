"""The head of a request, as a parser that is lenient passes it on."""

from __future__ import annotations

from collections.abc import Iterable


def fault_of_head(fields: Iterable[tuple[bytes, bytes]], version: str) -> int:
    """Return the status of a request that HTTP does not allow, 0 if it does (RFC 9112).

    Names of `fields` are in small letters; `version` is that of HTTP, as "1.1".
    """
    hosts = codings = 0
    names = set()
    for name, value in fields:
        names.add(name)
        if name == b"host":
            hosts += 1
        elif name == b"transfer-encoding":
            codings += value.strip().lower() != b"chunked"
    if b"upgrade" in names and names & {b"content-length", b"transfer-encoding"}:
        return 400  # the parser takes the body for what the connection is upgraded to
    if hosts > 1 or (not hosts and version == "1.1"):
        return 400  # section 3.2
    return 501 if codings else 0  # section 6.1
