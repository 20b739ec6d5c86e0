"""The event stream as files: a root that changes, and nodes of each release that never do.

Linked Data Event Streams (https://w3id.org/ldes/specification) on TREE hypermedia
(https://w3id.org/tree/specification). Nodes name each other, and the stream, by relative IRIs, so
that the folder can be anywhere. Members are told one after the other (the TREE profile), which the
names of nodes say.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path

from pyoxigraph import Literal

from kgpub.messages import LANGUAGES, catalogue
from kgpub.pages.releases import STREAM as ROOT
from kgpub.release.history.members import PREFIXES, Stream
from kgpub.release.history.reasons import Reasons
from kgpub.release.history.step import NODE, Step
from kgpub.release.history.versions import Event, Version
from kgpub.settings import Settings
from kgpub.vocabulary import RDF, SH

STREAM = f"../{ROOT}#stream"
"""The stream, as nodes of a release call it."""
MAX_MEMBERS = 2_000
MAX_BYTES = 2**22
"""Of the members of one node; one that is longer than that alone is in a node of its own."""
_POLLING = 86_400
"""Seconds: releases have a day for a date."""


def write_nodes(
    folder: Path, stream: Stream, last: bytes, versions: Iterable[Version], reasons: Reasons | None
) -> Counter[str]:
    """Write the nodes of a release, and return how many versions there are by event, and `pairs`.

    All members are in the first node if they fit there, else that leads to the others. `last` is
    the member that ends the release. Raises OSError.
    """
    counted: Counter[str] = Counter()

    def members() -> Iterator[bytes]:
        for version in versions:
            counted[version.event.value] += 1
            counted["pairs"] += len(version.pairs)
            yield stream.member(version, reasons.of(version) if reasons else ())
        yield last

    head = stream.prefixes() + b"\n<> a tree:Node ;\n  ldes:immutable true"
    pages = _pages(members())
    first, second = next(pages), next(pages, None)
    if second is None:
        (folder / NODE).write_bytes(b"%b .\n%b" % (head, first))
        return counted
    names = []
    for number, page in enumerate(chain((first, second), pages), 1):
        names.append(NODE.replace(".", f"-{number}.", 1))
        (folder / names[-1]).write_bytes(b"%b .\n%b" % (head, page))
    leading = _leading((name, stream.moment, str(n)) for n, name in enumerate(names, 1))
    (folder / NODE).write_bytes(head + leading.encode())
    return counted


def root(steps: Sequence[Step], settings: Settings) -> bytes:
    """Return the node where clients begin. `steps`, one at least, come in their order."""
    first = steps[0]
    nodes = ((f"{step.version}/{NODE}", step.moment, step.version) for step in steps)
    titles = " , ".join(str(each) for each in _titles(settings))
    prefixes = {**PREFIXES, "rdf": RDF, "sh": SH}
    head = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in prefixes.items())
    events = "".join(
        f"  ldes:version{name}Path rdf:type ;\n  ldes:version{name}Object as:{name} ;\n"
        for name in (event.value for event in Event)
    )
    return f"""{head}
<#stream> a ldes:EventStream ;
  dcterms:title {titles} ;
  dcterms:license <{settings.licence}> ;
  dcterms:source <{settings.base}dataset> ;
  ldes:timestampPath dcterms:created ;
  ldes:versionOfPath as:object ;
{events}  ldes:transactionPath as:context ;
  ldes:transactionFinalizedPath rdf:type ;
  ldes:transactionFinalizedObject dcat:Dataset ;
  ldes:pollingInterval {_POLLING} ;
  tree:shape <#Member> ;
  tree:view <> .

<#kept> a ldes:RetentionPolicy ;
  ldes:startingFrom "{first.moment}"^^xsd:dateTime .
{_SHAPE}
<> a tree:Node , ldes:EventSource ;
  ldes:retentionPolicy <#kept>{_leading(nodes)}""".encode()


def _titles(settings: Settings) -> Iterator[Literal]:
    """Yield what the stream is called in each language."""
    for language in LANGUAGES:
        said = catalogue(language)["diff-changelog"]
        yield Literal(said.format(title=settings.titled(language)), language=language)


def _leading(nodes: Iterable[tuple[str, str, str]]) -> str:
    """Return what a node says of those that it leads to, by name, the time of members, and number.

    It ends the sentence that tells of the node. Both bounds are told of each.
    """
    relations, told = [], []
    for name, moment, number in nodes:
        for way, kind in (("from", "GreaterThanOrEqualTo"), ("until", "LessThanOrEqualTo")):
            relations.append(f"<#{way}-{number}>")
            told.append(
                f"\n<#{way}-{number}> a tree:{kind}Relation ;\n  tree:node <{name}> ;\n"
                f'  tree:path dcterms:created ;\n  tree:value "{moment}"^^xsd:dateTime .\n'
            )
    listed = " ,\n    ".join(relations)
    return f" ;\n  tree:relation {listed} .\n" + "".join(told)


def _pages(members: Iterable[bytes]) -> Iterator[bytes]:
    """Yield members together, as many as one node takes."""
    page: list[bytes] = []
    size = 0
    for member in members:
        if page and (len(page) == MAX_MEMBERS or size + len(member) > MAX_BYTES):
            yield b"".join(page)
            page, size = [], 0
        page.append(member)
        size += len(member)
    yield b"".join(page)


_SHAPE = """
<#Member> a sh:NodeShape ;
  sh:property <#Member-created> , <#Member-record> , <#Member-thing> , <#Member-graph> ,
    <#Member-release> , <#Member-event> .
<#Member-created> sh:path dcterms:created ; sh:datatype xsd:dateTime ; sh:minCount 1 ;
  sh:maxCount 1 .
<#Member-record> sh:path as:object ; sh:nodeKind sh:IRI ; sh:minCount 1 ; sh:maxCount 1 .
<#Member-thing> sh:path dcterms:isVersionOf ; sh:nodeKind sh:IRI ; sh:minCount 1 ; sh:maxCount 1 .
<#Member-graph> sh:path as:target ; sh:nodeKind sh:IRI ; sh:maxCount 1 .
<#Member-release> sh:path as:context ; sh:nodeKind sh:IRI ; sh:minCount 1 ; sh:maxCount 1 .
<#Member-event> sh:path rdf:type ; sh:nodeKind sh:IRI ; sh:minCount 1 ; sh:maxCount 1 .
"""
"""What is said of each member itself; what its record says has the shapes of the release."""
