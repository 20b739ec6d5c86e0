"""What passes between the server and a worker: tasks one way, frames the other."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any, NamedTuple

from kgpub.store.queries import Graphs

HEAD = 5
"""Bytes before each frame: one for its kind, four for its length, big-endian."""
READY, FORM, DATA, END, FAULT = b"R", b"H", b"D", b"E", b"F"
"""FORM names the form of an answer before the first of its DATA."""
MAX_FRAME = 2**20


class Forms(NamedTuple):
    """The names of the forms in which an answer is to be written, by what it turns out to be.

    "" is for what the client does not accept. See `formats`.
    """

    solutions: str
    boolean: str
    graph: str


class Task(NamedTuple):
    """A query to evaluate, on the dataset as it was `on` a day (ISO 8601) if that is not ""."""

    text: str
    forms: Forms
    graphs: Graphs | None = None
    on: str = ""

    def to_bytes(self) -> bytes:
        """Return the task in one line."""
        graphs = self.graphs and (self.graphs.default, self.graphs.named)
        return json.dumps([self.text, self.forms, graphs, self.on]).encode() + b"\n"

    @classmethod
    def from_bytes(cls, line: bytes) -> Task:
        """Read what `to_bytes` wrote."""
        text, forms, graphs, on = json.loads(line)
        return cls(text, Forms(*forms), graphs and Graphs(*map(tuple, graphs)), on)


@dataclass(frozen=True)
class Fault:
    """Why there is no answer, or no more of it; `status` is that of the HTTP answer.

    `is_passing` tells that the same query may be answered soon. `detail` is for the server's log.
    """

    message: str
    remedy: str = ""
    excerpt: str = ""
    status: int = 400
    is_passing: bool = False
    detail: str = ""

    @property
    def is_of_query(self) -> bool:
        """Whether the query is at fault, and not what the server has at the moment."""
        return self.status < 500

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


class Frames:
    """Divides what comes in blocks of any size into frames."""

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, block: bytes) -> list[tuple[bytes, bytes]]:
        """Return the kind and content of each frame that ends in `block`."""
        received = self._rest + block if self._rest else block
        found = []
        at = 0
        while len(received) - at >= HEAD:
            begin = at + HEAD
            end = begin + int.from_bytes(received[at + 1 : begin], "big")
            if end > len(received):
                break
            found.append((received[at : at + 1], received[begin:end]))
            at = end
        self._rest = received[at:]
        return found
