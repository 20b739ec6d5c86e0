"""Places of subjects in RDF files, marked by hand."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyoxigraph import BlankNode, NamedNode

from kgpub.sources.rdf import read_rdf
from kgpub.sources.rdf_subjects import first_as_subject

# The first place of each subject stands behind a ⌖.
MARKED = {
    "a.ttl": """@prefix e: <urn:e:> . # e:c
⌖e:a e:p e:b , ⌖[ e:p e:d ; e:q ⌖[ e:p 1 ] ] ; e:q "e:c" .
⌖e:b e:p ⌖( 1 ⌖2 ⌖( 3 ) ) .
⌖[ e:p 1 ] e:p 2 . e:a e:p 3 . ⌖_:b e:p e:a .
""",
    "a.trig": "@prefix e: <urn:e:> .\ne:g { ⌖e:a e:p e:b } GRAPH e:h { ⌖e:b e:p e:a } ⌖e:c e:p 1 .",
    "a.nq": '⌖<urn:a> <urn:b> "<urn:c>" <urn:g> .\n⌖_:a <urn:b> <urn:a> .\n',
    "a.jsonld": """{"@context": {"@vocab": "urn:e:", "id": "@id", "of": {"@reverse": "urn:e:has"}},
 "@graph": [{"id": ⌖"urn:a", "p": ⌖{"q": 1}, "r": {"id": "urn:c"}, "of": {"id": ⌖"urn:d"}},
 {"id": ⌖"urn:b", "r": {"@id": ⌖"urn:c", "p": 1}}, {"id": "urn:a", "p": 2}]}
""",
}


@pytest.mark.parametrize("name", MARKED)
def test_each_subject_is_where_it_first_stands_as_one(tmp_path: Path, name: str) -> None:
    lines, expected = MARKED[name].split("\n"), []
    for number, line in enumerate(lines, 1):
        parts = line.split("⌖")
        expected += [(number, len("".join(parts[:at])) + 1) for at in range(1, len(parts))]
    path = tmp_path / name
    path.write_text(MARKED[name].replace("⌖", ""), encoding="utf-8")
    read = read_rdf(path)
    found = first_as_subject(read, {quad.subject for quad in read.quads})
    for node, (line, column) in found.items():
        written = path.read_text(encoding="utf-8").split("\n")[line - 1][column - 1 :]
        if isinstance(node, NamedNode):
            assert written.lstrip('<"').startswith((node.value, node.value.removeprefix("urn:")))
        else:
            assert isinstance(node, BlankNode)
    assert sorted({*found.values()}) == expected


def test_what_the_text_does_not_tell_is_where_the_first_object_stands(tmp_path: Path) -> None:
    path = tmp_path / "a.ttl"
    path.write_text("<urn:a> <urn:p> 1 {| <urn:q> 2 |} .\n<urn:b> <urn:p> 3 .\n", encoding="utf-8")
    read = read_rdf(path)
    assert first_as_subject(read, {NamedNode("urn:b")}) == {NamedNode("urn:b"): (2, 17)}
