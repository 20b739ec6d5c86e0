"""Answers as they are sent: in which form, and written."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import IO, cast

from pyoxigraph import QueryBoolean, QueryResultsFormat, QueryTriples, RdfFormat, serialize

from kgpub.service.sparql.formats import (
    BOOLEANS,
    BY_NAME,
    GRAPHS,
    SOLUTIONS,
    Form,
    not_acceptable,
)
from kgpub.service.sparql.wire import Forms
from kgpub.store import Answer

_NOT_XML = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|\xef\xbf[\xbe\xbf]")
"""Characters that XML 1.0 cannot have, section 2.2, in UTF-8."""
_WITH_PREFIXES = (RdfFormat.TURTLE, RdfFormat.TRIG)


class Unwritable(Exception):
    """What an answer holds cannot be written in its form."""


class Sink:
    """Takes an answer in blocks, as a file that is written; of XML it looks at what that may hold.

    Oxigraph gathers what it writes in blocks of 8 KiB, but of a literal that is longer.
    """

    def __init__(self, is_xml: bool) -> None:
        self._is_xml = is_xml
        self._before = b""

    def write(self, block: bytes) -> int:
        """Take a block; return how many bytes. Raises Unwritable."""
        if self._is_xml:
            found = _NOT_XML.search(self._before + block)
            if found is not None:
                raise Unwritable(f"the answer holds U+{ord(found[0].decode()):04X}")
            self._before = block[-2:]
        self.take(block)
        return len(block)

    def flush(self) -> None:
        """Do nothing: who has the sink knows when the answer is whole."""

    def take(self, content: bytes) -> None:
        """Take a block."""
        raise NotImplementedError


def form_of(answer: Answer, forms: Forms) -> Form:
    """Return the form for an answer. Raises RequestError where none is acceptable."""
    offered: tuple[Form, ...] = SOLUTIONS
    name = forms.solutions
    if isinstance(answer, QueryTriples):
        name, offered = forms.graph, GRAPHS
    elif isinstance(answer, QueryBoolean):
        name, offered = forms.boolean, BOOLEANS
    if not name:
        raise not_acceptable(offered)
    return BY_NAME[name]


def is_xml(form: Form) -> bool:
    """Whether a form is XML."""
    return form.written_by in (QueryResultsFormat.XML, RdfFormat.RDF_XML)


def write(answer: Answer, form: Form, prefixes: Mapping[str, str], sink: Sink) -> None:
    """Write an answer to `sink`. Raises what the sink raises, and as Oxigraph evaluates it."""
    written_by = form.written_by
    output = cast(IO[bytes], sink)  # no more is needed of a file
    if isinstance(answer, QueryTriples):
        assert isinstance(written_by, RdfFormat)
        known = dict(prefixes) if written_by in _WITH_PREFIXES else None
        serialize(answer, output, written_by, prefixes=known)
    else:
        assert isinstance(written_by, QueryResultsFormat)
        answer.serialize(output, written_by)
