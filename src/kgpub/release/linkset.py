"""The links to Wikidata by themselves: `owl:sameAs` and nothing else, a VoID linkset."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from kgpub.release.lines import node, opened
from kgpub.vocabulary import OWL, WIKIDATA

PATH = "links/wikidata.nt"
_SAME = node(OWL + "sameAs")
_ITEM = f"<{WIKIDATA}".encode()


def linkset(dataset: Path) -> Iterator[bytes]:
    """Yield the links in a file of sorted quads, as N-Triples, each once. Raises OSError."""
    before = b""
    with opened(dataset) as file:
        for line in file.saying(_SAME, _ITEM):
            link = b"%b %b %b .\n" % line[:3]
            if link != before:
                yield link
            before = link
