"""Submission to quads, each file by itself: the same file gives the same quads on any machine."""

from __future__ import annotations

from collections.abc import Mapping

from pyoxigraph import Literal, NamedNode

from kgpub.errors import FileProblems
from kgpub.mapping import minting, retractions
from kgpub.mapping.circles import circles
from kgpub.mapping.emission import Emission
from kgpub.mapping.quads import Quads, node
from kgpub.mapping.reading import Reading
from kgpub.mapping.values import check_language
from kgpub.messages import Message
from kgpub.model.slug import ValueProblem
from kgpub.model.submission import Article, ArticleFile, Mapped, SubmissionFile
from kgpub.model.text import Passage
from kgpub.model.tree import Fields, Items, Scalar, Tree
from kgpub.vocabulary import terms as kg
from kgpub.vocabulary.schema import Schema

__all__ = ["map_article", "map_submission"]

_NO_LANGUAGE = "und"


def map_article(file: ArticleFile, schema: Schema) -> tuple[Article, Mapped]:
    """Map an article's metadata, text and checksum into the graph of the article's IRI."""
    name = NamedNode(f"{schema.base}article/{file.slug}")
    language = file.tree.get("language") if isinstance(file.tree, Fields) else None
    problems = _problems(file)
    tag = _language(language, problems)
    reading = Reading(schema, problems, tag)
    record = reading.article(file.tree, name)
    out = Quads(name, record)
    out.add(name, node(kg.text), Literal(file.text, language=tag))
    out.add(name, node(kg.checksum), Literal(file.checksum))
    publisher = None
    for pair in record.pairs:
        if isinstance(pair.object, NamedNode | Literal):
            out.add(name, pair.predicate, pair.object, pair.line, pair.column)
        if pair.predicate == node(kg.publisher) and isinstance(pair.object, NamedNode):
            publisher = pair.object
    article = Article(name, file.slug, file.text, tag, publisher)
    return article, out.mapped(problems)


def _problems(file: ArticleFile | SubmissionFile) -> FileProblems:
    """Return the problems that reading has told of `file`, to which others come."""
    problems = FileProblems(file.file)
    problems.problems += file.problems
    return problems


def _language(value: Tree | None, problems: FileProblems) -> str:
    if isinstance(value, Items) and len(value.items) == 1:
        value = value.items[0]
    if isinstance(value, Items) and value.items:
        problems.add(value, Message("one-language"), Message("write-text-language"))
    if not isinstance(value, Scalar) or not value.text.strip():
        return _NO_LANGUAGE  # which the shapes or the reading of the key tell
    try:
        return check_language(value.text)
    except ValueProblem as problem:
        problems.add(value, problem.message, problem.remedy)
        return _NO_LANGUAGE


def map_submission(
    file: SubmissionFile, article: Article, passages: Mapping[Scalar, Passage], schema: Schema
) -> Mapped:
    """Map a submission into its own graph, and the links it declares into the graph of links.

    `passages` has where each `words` and `introduced-by` of the file stands. Of statements whose
    words are not there, which grounding has told, all but the passage is mapped. What is retracted
    is no quad of the submission but one of its history, and a record of that takes its place.
    """
    name = NamedNode(f"{schema.base}submission/{file.article}/{file.name}")
    problems = _problems(file)
    reading = Reading(schema, problems, article.language)
    record = reading.submission(file.tree, name)
    parts = record.walk()
    written = reading.ids if problems.problems else frozenset[str]
    labels = minting.mint_asserted(parts, schema.base, article.name, problems, written)
    emission = Emission(schema.base, article, passages, labels, Quads(name, record), problems)
    emission.submission(record, file, parts)
    circles(parts, labels, schema.base, problems)
    retractions.check_days(record, parts, problems)
    return emission.mapped(record)
