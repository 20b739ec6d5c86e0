"""What passes between the server and a process that checks: tasks one way, answers the other."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

from kgpub.pipeline.workspace import Workspace
from kgpub.submissions.submission import Article, Content

LENGTH = 4
"""Bytes before each message, which tell its length, big-endian."""
ANSWERED, REFUSED, READY = b"A", b"F", b"R"
"""How an answer begins; what follows READY is nothing, what follows REFUSED a Fault."""


@dataclass(frozen=True)
class Task:
    """A submission to look at; for `name`, `language` and `stem` see `checking.check`."""

    content: Content
    language: str = "en"
    name: str = ""
    stem: str = ""


Kind: TypeAlias = Callable[[Workspace, Task], bytes]
"""What is made of a submission, in a process that checks: a function at the top of a module."""


def packed(kind: Kind, task: Task) -> bytes:
    """Return a task as a message."""
    content = task.content
    article = content.article
    bodies = [content.body, *((article.text, article.metadata) if article else ())]
    head = {
        "kind": f"{kind.__module__}:{kind.__qualname__}",
        "content": [content.slug, content.suffix],
        "task": [task.language, task.name, task.stem],
        "bytes": [len(body) for body in bodies],
    }
    return message(b"\n".join([json.dumps(head).encode(), b"".join(bodies)]))


def unpacked(packet: bytes) -> tuple[str, Task]:
    """Return what `packed` wrote, without its length: the name of the kind, and the task."""
    line, _, rest = packet.partition(b"\n")
    head: dict[str, Any] = json.loads(line)
    bodies = []
    for size in head["bytes"]:
        bodies.append(rest[:size])
        rest = rest[size:]
    body, *others = bodies
    slug, suffix = head["content"]
    content = Content(slug, suffix, body, Article(*others) if others else None)
    return head["kind"], Task(content, *head["task"])


def message(content: bytes) -> bytes:
    """Return `content` with its length before it."""
    return len(content).to_bytes(LENGTH, "big") + content
