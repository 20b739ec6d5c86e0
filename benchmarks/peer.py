"""The same work with PyYAML, rdflib and pySHACL alone, as one would write it without kgpub.

It does less than kgpub where those libraries have nothing for it: values have no line and column,
keys are not checked, no EDTF is read and no bounds are computed, facts with a label stay blank
nodes. The context, the shapes and the data are the same.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import yaml
from pyshacl import validate as pyshacl_validate
from rdflib import Dataset, Graph, URIRef

from benchmarks.corpus import BASE
from benchmarks.inputs import DATASET, background
from kgpub.vocabulary import ENTITY_SECTIONS, context
from kgpub.vocabulary.schema import shape_files

Node = dict[str, Any]
Timed = Callable[[], int]


@dataclass(frozen=True)
class _Files:
    """An article's three files as PyYAML gives them."""

    slug: str
    text: str
    metadata: Node
    submission: Node


def _read(root: Path, load: Callable[[str], Any]) -> Iterator[_Files]:
    for folder in sorted((root / "articles").iterdir()):
        text, metadata, facts = (
            (folder / name).read_text(encoding="utf-8")
            for name in ("article.txt", "article.yaml", "facts.yaml")
        )
        yield _Files(folder.name, text, load(metadata), load(facts))


def read(root: Path) -> Timed:
    """Read all files with PyYAML's safe loader, which is written in Python."""
    return lambda: len(list(_read(root, yaml.safe_load)))


def read_libyaml(root: Path) -> Timed:
    """Read all files with PyYAML's safe loader over libyaml."""
    return lambda: len(list(_read(root, _load)))


def _load(text: str) -> Any:
    return yaml.load(text, Loader=yaml.CSafeLoader)


def ground(root: Path) -> Timed:
    """Find each statement's words with `str.find` and cut out what stands around them."""
    files = list(_read(root, _load))
    return lambda: sum(len(list(_passages(each))) for each in files)


def _passages(files: _Files) -> Iterator[Node]:
    for statement in files.submission["statements"]:
        for key in ("words", "introduced-by"):
            if key in statement:
                yield _passage(files, statement[key])


def _passage(files: _Files, words: str) -> Node:
    start = files.text.find(words)
    if start < 0 or files.text.find(words, start + 1) >= 0:
        raise ValueError(f"not there, or not only once: {words}")
    end = start + len(words)
    return {
        "id": f"{BASE}article/{files.slug}/article.txt#char={start},{end}",
        "type": ["Passage", "TextPositionSelector", "TextQuoteSelector"],
        "article": files.slug,
        "start-offset": start,
        "end-offset": end,
        "exact": words,
        "prefix": files.text[max(0, start - 32) : start],
        "suffix": files.text[end : end + 32],
    }


def map_(root: Path) -> Timed:
    """Complete each submission as JSON-LD and parse it into a graph of its own with rdflib."""
    files = list(_read(root, _load))
    terms = context(BASE)

    def timed() -> int:
        dataset = Dataset()
        for each in files:
            for document in (_article(each), _submission(each)):
                graph = dataset.graph(URIRef(document["id"]))
                graph.parse(data={"@context": terms, **document}, format="json-ld")  # type: ignore[arg-type]  # a dict is taken
        return len(dataset)

    return timed


def _article(files: _Files) -> Node:
    language = files.metadata["language"]
    return {
        **files.metadata,
        "id": f"{BASE}article/{files.slug}",
        "type": "Article",
        "text": {"@value": files.text, "@language": language},
        "checksum": f"sha256:{hashlib.sha256(files.text.encode()).hexdigest()}",
    }


def _submission(files: _Files) -> Node:
    described = {
        section: {slug: {**body, "type": type_} for slug, body in bodies.items()}
        for section, (type_, _) in ENTITY_SECTIONS.items()
        if (bodies := files.submission.get(section))
    }
    return {
        "id": f"{BASE}submission/{files.slug}/facts",
        "type": "Submission",
        "article": files.slug,
        "file": f"articles/{files.slug}/facts.yaml",
        **described,
        "statements": [_statement(files, each) for each in files.submission["statements"]],
    }


def _statement(files: _Files, statement: Node) -> Node:
    language = files.metadata["language"]
    passage = _passage(files, statement["words"])
    speaker = statement.get("said-by") or f"organisation/{files.metadata['publisher']}"
    completed = {
        **statement,
        "id": _minted("statement", [passage["id"], speaker]),
        "type": "Quotation" if "said-by" in statement else "Statement",
        "article": files.slug,
        "words": {"@value": statement["words"], "@language": language},
        "said-by": speaker,
        "passage": passage,
        "asserts": [_fact(each) for each in statement.get("asserts", ())],
    }
    if "introduced-by" in statement:
        introduction = statement["introduced-by"]
        completed["introduced-by"] = {"@value": introduction, "@language": language}
        completed["attribution-passage"] = _passage(files, introduction)
    return completed


def _fact(fact: Node) -> Node:
    plain = {key: str(v) if key in ("start", "end", "time") else v for key, v in fact.items()}
    name = fact.get("id") or _minted("event" if fact["type"] == "Event" else "fact", plain)
    completed = {**plain, "id": name}
    if "participants" in fact:
        completed["participants"] = [
            {**each, "id": _minted("participation", [name, each]), "type": "Participation"}
            for each in fact["participants"]
        ]
    return completed


def _minted(folder: str, identifying: object) -> str:
    text = json.dumps(identifying, sort_keys=True)
    return f"{BASE}{folder}/{hashlib.sha256(text.encode()).hexdigest()[:32]}"


def validate(root: Path) -> Timed:
    """Validate the union of all graphs with pySHACL."""
    data = Graph()
    for graph in _dataset(root).graphs():
        data += graph
    for path in background():
        data.parse(path, format="turtle")
    shapes = Graph()
    for text in shape_files().values():
        shapes.parse(data=text, format="turtle")

    def timed() -> int:
        conforms, _, report = pyshacl_validate(data, shacl_graph=shapes, inference="none")
        if not conforms:
            raise ValueError(report)
        return len(data)

    return timed


def load(root: Path) -> Timed:
    """Load the dataset from N-Quads into rdflib's store, which is in memory."""
    return lambda: len(_dataset(root))


def dump(root: Path) -> Timed:
    """Write the dataset as Turtle, JSON-LD, N-Quads and TriG."""
    dataset = _dataset(root)
    union = Graph()
    for graph in dataset.graphs():
        union += graph
    terms = context(BASE)

    def timed() -> int:
        with TemporaryDirectory(dir=root) as folder:
            target = Path(folder)
            union.serialize(target / "d.ttl", format="turtle")
            union.serialize(target / "d.jsonld", "json-ld", context=terms, auto_compact=True)
            dataset.serialize(target / "d.nq", format="nquads")
            dataset.serialize(target / "d.trig", format="trig")
            return sum(path.stat().st_size for path in target.iterdir())

    return timed


def _dataset(root: Path) -> Dataset:
    dataset = Dataset()
    dataset.parse(root / DATASET, format="nquads")
    return dataset


PEER_STEPS: dict[str, Callable[[Path], Timed]] = {
    "read": read,
    "read-libyaml": read_libyaml,
    "ground": ground,
    "map": map_,
    "validate": validate,
    "load": load,
    "dump": dump,
}
