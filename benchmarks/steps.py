"""kgpub's steps one by one, each as a build runs it.

A step is a function of the workspace's folder that makes ready what the step takes in and returns
what is timed; that returns the number of things it made.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from pyoxigraph import Quad, RdfFormat, parse, serialize

from benchmarks.corpus import BASE
from benchmarks.inputs import DATASET, background
from kgpub.grounding.submission import Grounded, ground_submission
from kgpub.mapping import map_article, map_submission
from kgpub.model.submission import ArticleFile, Mapped, SubmissionFile, graph_of
from kgpub.pipeline.output import OutputFolder
from kgpub.serialisation import jsonld, nquads, trig, turtle
from kgpub.sources import article_folders, read_article, read_submission
from kgpub.sources.files import (
    MAX_ARTICLE_BYTES,
    MAX_SUBMISSION_BYTES,
    read_bytes,
    relative,
)
from kgpub.store.embedded import Generations
from kgpub.validation import Shapes, engine
from kgpub.vocabulary import context, prefixes
from kgpub.vocabulary.schema import schema, shape_files

Timed = Callable[[], int]
Read = tuple[ArticleFile, SubmissionFile]


def _read(root: Path) -> Iterator[Read]:
    names = schema(BASE)
    for folder in article_folders(root):
        text = read_bytes(folder.text, root, MAX_ARTICLE_BYTES)
        metadata = read_bytes(folder.metadata, root, MAX_SUBMISSION_BYTES)
        article = read_article(folder, root, text, metadata)
        for path in folder.submissions:
            content = read_bytes(path, root, MAX_SUBMISSION_BYTES)
            yield article, read_submission(content, relative(path, root), folder.slug, names)


def _ground(files: Sequence[Read]) -> list[Grounded]:
    return [ground_submission(each.tree, article.text, each.file) for article, each in files]


def _map(files: Sequence[Read], grounded: Sequence[Grounded]) -> Iterator[Mapped]:
    names = schema(BASE)
    for (file, submission), found in zip(files, grounded, strict=True):
        article, mapped = map_article(file, names)
        yield mapped
        yield map_submission(submission, article, found.passages, names)


def _quads(root: Path) -> Iterator[Quad]:
    yield from parse(path=root / DATASET, format=RdfFormat.N_QUADS)


def prepare(root: Path) -> Timed:
    """Write the workspace's quads to DATASET, for the steps that begin with quads."""

    def timed() -> int:
        files = list(_read(root))
        mapped = list(_map(files, _ground(files)))
        problems = [problem for each in mapped for problem in each.problems]
        if problems:
            raise ValueError(f"the corpus is at fault: {problems[0]}")
        with (root / DATASET).open("wb") as stream:
            for each in mapped:
                serialize(each.quads, stream, format=RdfFormat.N_QUADS)
        return sum(len(each.quads) for each in mapped)

    return timed


def read(root: Path) -> Timed:
    """Read all files into trees with positions."""
    schema(BASE)
    return lambda: len(list(_read(root)))


def ground(root: Path) -> Timed:
    """Find the passage of all words."""
    files = list(_read(root))
    return lambda: sum(len(found.passages) for found in _ground(files))


def map_(root: Path) -> Timed:
    """Map all trees to quads."""
    files = list(_read(root))
    grounded = _ground(files)
    return lambda: sum(len(mapped.quads) for mapped in list(_map(files, grounded)))


def validate(root: Path) -> Timed:
    """Validate all quads with the everyday engine."""
    data = list(_quads(root))
    for path in background():
        data.extend(parse(path=path, format=RdfFormat.TURTLE))
    shapes = Shapes.parse(shape_files())

    def timed() -> int:
        report = engine().validate(data, shapes)
        if report.results:
            raise ValueError(f"the corpus is at fault: {report.results[0]}")
        return len(data)

    return timed


def load(root: Path) -> Timed:
    """Load the dataset from N-Quads into a new generation of the store, on disk."""
    graphs = {graph_of(quad) for quad in _quads(root)}

    def timed() -> int:
        with TemporaryDirectory(dir=root) as folder:
            generations = Generations(Path(folder) / "store")
            digests = dict.fromkeys(graphs, "")
            generations.publish(generations.prepare(_quads(root), digests))
            return len(generations.open())

    return timed


def dump(root: Path) -> Timed:
    """Write the dataset as Turtle, JSON-LD, N-Quads and TriG, through to the disk."""
    quads = list(dict.fromkeys(_quads(root)))
    names = prefixes(BASE)

    def timed() -> int:
        with TemporaryDirectory(dir=root) as folder:
            output = OutputFolder(Path(folder) / "output")
            output.prepare(
                {
                    "d.ttl": turtle(quads, names),
                    "d.jsonld": jsonld(quads, context(BASE)),
                    "d.nq": nquads(quads),
                    "d.trig": trig(quads, names),
                }
            )
            output.publish()
            return sum(path.stat().st_size for path in output.path.iterdir())

    return timed


STEPS: dict[str, Callable[[Path], Timed]] = {
    "prepare": prepare,
    "read": read,
    "ground": ground,
    "map": map_,
    "validate": validate,
    "load": load,
    "dump": dump,
}
