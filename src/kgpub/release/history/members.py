"""Versions of records as members of an event stream, in TriG.

A member is an activity of Activity Streams 2.0: `as:object` is the record that has a new version,
`dcterms:isVersionOf` the thing that the record is of, `as:target` the named graph it is in,
`as:context` the release. What the record says now is in the named graph that has the member's name
(Linked Data Event Streams, "Versions and transactions").
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from kgpub.release.history.reasons import Reason
from kgpub.release.history.versions import Event, Version
from kgpub.vocabulary import DCAT, DCTERMS, KG, RDF, XSD

AS = "https://www.w3.org/ns/activitystreams#"
LDES = "https://w3id.org/ldes#"
TREE = "https://w3id.org/tree#"
PREFIXES = {
    "as": AS,
    "dcat": DCAT,
    "dcterms": DCTERMS,
    "kg": KG,
    "ldes": LDES,
    "prov": "http://www.w3.org/ns/prov#",
    "schema": "https://schema.org/",
    "tree": TREE,
    "xsd": XSD,
}
_OWN = re.compile(f"<{KG}([A-Za-z]+)>".encode())
_TYPE = f"<{RDF}type>".encode()


@dataclass(frozen=True)
class Stream:
    """Where the members of a release belong.

    `iri` is that of the stream, relative to the node. `release` is the IRI of the release,
    `dataset` that of what it is a version of, `moment` the time of the members.
    """

    iri: str
    release: str
    dataset: str
    moment: str

    def prefixes(self) -> bytes:
        """Return what each node begins with. `r` is for versions, `d` for records."""
        names = {**PREFIXES, "r": f"{self.release}#", "d": f"{self.dataset}#"}
        return "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in names.items()).encode()

    def member(self, version: Version, reasons: Iterable[Reason] = ()) -> bytes:
        """Return a version as a member. A record that is deleted may have `reasons`."""
        name = version.record.encode()
        said = [
            b"r:%b a as:%b" % (name, version.event.value.encode()),
            b"as:object d:%b" % name,
            b"dcterms:isVersionOf %b" % version.subject,
            *([b"as:target %b" % version.graph] if version.graph else []),
            *self._common(),
        ]
        for reason in reasons:
            said.append(b"prov:wasInfluencedBy %b" % reason.retraction)
            said += [b"as:summary %b" % words for words in reason.words]
        parts = [self._listed(b"r:" + name), _sentence(said)]
        if version.event is not Event.DELETE:
            pairs = [_shown(pair.predicate, pair.object) for pair in version.pairs]
            pairs[0] = b"%b %b" % (version.subject, pairs[0])
            parts += [b"r:%b {\n" % name, _sentence(pairs), b"}\n"]
        return b"".join(parts)

    def last(self, version: str, digest: str) -> bytes:
        """Return the member that ends a release: the release itself.

        `digest` is the SHA-256 of its canonical N-Quads, by which a copy may be checked.
        """
        iri = f"<{self.release}>".encode()
        said = [
            b"%b a dcat:Dataset" % iri,
            f"as:object <{self.dataset}>".encode(),
            f"dcterms:isVersionOf <{self.dataset}>".encode(),
            *self._common(),
            f'dcat:version "{version}"'.encode(),
            f'schema:sha256 "{digest}"'.encode(),
        ]
        return self._listed(iri) + _sentence(said)

    def _listed(self, member: bytes) -> bytes:
        return b"\n<%b> tree:member %b .\n" % (self.iri.encode(), member)

    def _common(self) -> tuple[bytes, ...]:
        return (
            f'dcterms:created "{self.moment}"^^xsd:dateTime'.encode(),
            f"as:context <{self.release}>".encode(),
        )


def _sentence(said: Iterable[bytes]) -> bytes:
    return b" ;\n  ".join(said) + b" .\n"


def _shown(predicate: bytes, value: bytes) -> bytes:
    if predicate == _TYPE:
        return b"a " + _short(value)
    return b"%b %b" % (_short(predicate), value)


@lru_cache(maxsize=4096)
def _short(term: bytes) -> bytes:
    """Return an IRI of kgpub's own with its prefix, others as they are."""
    found = _OWN.fullmatch(term)
    return b"kg:" + found[1] if found else term
