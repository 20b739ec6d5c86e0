"""What a client sends, and what it is told of a submission."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from kgpub.client.errors import ServiceError
from kgpub.client.report import Report, report_from
from kgpub.errors import CallError
from kgpub.submissions.submission import State

MEDIA_TYPES: Mapping[str, str] = {
    ".yaml": "application/yaml",
    ".yml": "application/yaml",
    ".json": "application/json",
    ".jsonld": "application/ld+json",
    ".csv": "text/csv",
}
"""What files are called on the web, by their endings."""


@dataclass(frozen=True)
class NewArticle:
    """An article that the service does not have: its text as UTF-8, and `article.yaml`."""

    text: bytes
    metadata: bytes

    @classmethod
    def beside(cls, path: Path) -> NewArticle:
        """Return the article in the folder of the submission at `path`. Raises CallError."""
        return cls(*(content_of(path.parent / name) for name in ("article.txt", "article.yaml")))


@dataclass(frozen=True)
class Submission:
    """A submission in the queue of a service.

    `version` tells this state from others. `reasons` are what editors have said, the last one last.
    `report` is there where it was sent just now; `is_new` unless it had been sent before.
    """

    id: str
    state: State
    version: int
    received: datetime
    article: str
    reasons: tuple[str, ...] = ()
    report: Report | None = None
    is_new: bool = False


def submission_from(value: object, *, is_new: bool = False) -> Submission:
    """Return the submission in a JSON value. Raises ServiceError where it is none."""
    try:
        if not isinstance(value, dict):
            raise TypeError("it is no object")
        events: list[Mapping[str, Any]] = value.get("events", [])
        return Submission(
            str(value["id"]),
            State(value["state"]),
            int(value["version"]),
            datetime.fromisoformat(value["received"]),
            str(value["article"]),
            tuple(str(each["reason"]) for each in events if "reason" in each),
            report_from(value["report"]) if "report" in value else None,
            is_new,
        )
    except (KeyError, TypeError, ValueError) as error:
        raise ServiceError(
            "the service answers with what is no submission", "Check the address, and its version."
        ) from error


def content_of(path: Path) -> bytes:
    """Return what a file holds. Raises CallError."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise CallError(f"{path}: cannot be read: {error.strerror}") from error


def media_type_of(name: str) -> str:
    """Return what the file of this name is called on the web. Raises CallError."""
    found = MEDIA_TYPES.get(Path(name).suffix.lower())
    if found is None:
        endings = ", ".join(MEDIA_TYPES)
        raise CallError(f"{name or 'it'}: has no ending of a submission", f"Endings: {endings}.")
    return found


def form(content: bytes, name: str, article: NewArticle) -> tuple[bytes, str]:
    """Return a form of facts and their article (RFC 7578), and its media type."""
    boundary = secrets.token_hex(16)
    # The name is told in the address: quotes and line feeds in a header have no one meaning.
    suffix = Path(name).suffix.lower()
    parts = (
        ("facts", f"facts{suffix}", media_type_of(name), content),
        ("text", "article.txt", "text/plain; charset=utf-8", article.text),
        ("metadata", "article.yaml", "application/yaml", article.metadata),
    )
    body = b""
    for field, file, media_type, part in parts:
        head = f'Content-Disposition: form-data; name="{field}"; filename="{file}"'
        body += f"--{boundary}\r\n{head}\r\nContent-Type: {media_type}\r\n\r\n".encode()
        body += part + b"\r\n"
    return body + f"--{boundary}--\r\n".encode(), f"multipart/form-data; boundary={boundary}"
