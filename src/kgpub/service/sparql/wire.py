"""What passes between the server and a worker: tasks one way, frames the other."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any

from kgpub.store.queries import Graphs

HEAD = 5
"""Bytes before each frame: one for its kind, four for its length, big-endian."""
READY, DATA, END, FAULT = b"R", b"D", b"E", b"F"
MAX_FRAME = 2**20


@dataclass(frozen=True)
class Task:
    """A query to evaluate. `form` names how the answer is written, see `formats`."""

    text: str
    form: str
    graphs: Graphs | None

    def to_bytes(self) -> bytes:
        """Return the task in one line."""
        return json.dumps(asdict(self)).encode() + b"\n"

    @classmethod
    def from_bytes(cls, line: bytes) -> Task:
        """Read what `to_bytes` wrote."""
        read = json.loads(line)
        graphs = read["graphs"]
        if graphs is not None:
            graphs = Graphs(tuple(graphs["default"]), tuple(graphs["named"]))
        return cls(read["text"], read["form"], graphs)


@dataclass(frozen=True)
class Fault:
    """Why there is no answer, or no more of it. `is_query` where the query is at fault."""

    message: str
    remedy: str = ""
    excerpt: str = ""
    is_query: bool = True

    def to_bytes(self) -> bytes:
        """Return the fault as JSON."""
        return json.dumps(asdict(self)).encode()

    @classmethod
    def from_bytes(cls, content: bytes) -> Fault:
        """Read what `to_bytes` wrote."""
        read: dict[str, Any] = json.loads(content)
        return cls(**read)


def frame(kind: bytes, content: bytes = b"") -> bytes:
    """Return one frame; `content` has MAX_FRAME bytes at most."""
    return kind + len(content).to_bytes(4, "big") + content
