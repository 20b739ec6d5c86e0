"""Submissions for the tests: an invented article, facts about it, and the way to their quads."""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pyoxigraph import Literal, NamedNode, Quad

from kgpub.errors import FileProblems, Problem
from kgpub.grounding.submission import ground_submission
from kgpub.mapping import map_article, map_submission
from kgpub.model.submission import Article, ArticleFile, Mapped
from kgpub.model.tree import Faulty, Fields, Items, Scalar, Tree
from kgpub.sources import read_submission
from kgpub.sources.files import checksum
from kgpub.sources.yaml_tree import read_yaml
from kgpub.vocabulary import KG
from kgpub.vocabulary.schema import Schema, schema

BASE = "https://example.org/data/"
SCHEMA = schema(BASE)
METADATA = "title: {ar: خبر}\nlanguage: ar\npublisher: the-paper\npublished: 2020-05-07\n"
WORDS = tuple(f"كلمة{number}" for number in range(10, 40))
"""Words that stand in the article once each."""
TEXT = " ".join(WORDS) + ". قال: قال: «نعم»، نعم."

FACTS: dict[str, Any] = {
    "article": "news",
    "contributor": "A. Contributor",
    "date": "2020-05-08",
    "accepted": {
        "editor": "ليلى",
        "accepted-on": "2020-05-09",
        "remark": "Checked with the paper.",
        "shapes": f"sha256:{'0' * 64}",
        "submitter": ["A. Contributor", "The desk"],
        "edited-by": ["ليلى"],
    },
    "people": {
        "sami-nur": {
            "name": {"ar": "سامي نور", "en": "Sami Nur"},
            "alternative-name": {"ar": ["أبو نور", "سامي"]},
            "spelling": {"ar": "كلمة12"},
            "wikidata": "Q42",
            "evidence": "The item gives the same office.",
        }
    },
    "organisations": {
        "the-paper": {"name": {"ar": "الجريدة"}, "kind": "newspaper"},
        "council": {"name": {"ar": "المجلس"}, "kind": "parliament"},
    },
    "offices": {
        "mayor": {
            "name": {"ar": "رئيس البلدية", "en": "Mayor"},
            "organisation": "council",
            "jurisdiction": "waha",
            "single-holder": "true",
        }
    },
    "places": {"waha": {"name": {"ar": "الواحة"}, "kind": "city"}},
    "groups": {"family": {"name": {"ar": "العائلة"}, "kind": "family"}},
    "topics": {"water": {"name": {"ar": "المياه"}}},
    "statements": [
        {
            "words": WORDS[0],
            "asserts": [
                {
                    "id": "_:term",
                    "type": "Tenure",
                    "person": "sami-nur",
                    "office": "mayor",
                    "start": "2016",
                    "ordinal": "6",
                    "counted-since": "2003",
                    "after": "event/election",
                },
                {"type": "Membership", "person": "sami-nur", "organisation-kind": "party",
                 "negated": "true"},
            ],
        },
        {
            "words": WORDS[1],
            "asserts": [
                {
                    "id": "event/election",
                    "type": "Event",
                    "kind": "election",
                    "day": "Sunday",
                    "office": "mayor",
                    "participants": [
                        {"who": "person/sami-nur", "role": "appointee"},
                        {"who": "organisation/council", "role": "appointer"},
                    ],
                },
                {
                    "type": "Event",
                    "kind": "departure",
                    "from": "waha",
                    "via": ["waha", "https://example.net/elsewhere"],
                    "time": "1985",
                    "participants": [{"who": "person/sami-nur", "role": "subject-of-event"}],
                    "reason": ["_:term"],
                },
                {
                    "type": "Stance",
                    "kind": "supports",
                    "holder": ["group/family", "person/sami-nur"],
                    "target": "_:term",
                    "manner": {"ar": "بصمت", "en": "silently"},
                },
            ],
        },
        {
            "words": "نعم",
            "occurrence": "2",
            "introduced-by": "قال",
            "said-by": "person/sami-nur",
            "medium": "twitter",
            "day": "Thursday",
            "addressee": "organisation/council",
            "about": ["office/mayor", "_:term"],
            "topic": "water",
            "asserts": ["event/election", {"id": "_:term"}],
        },
    ],
}  # fmt: skip
"""Every form of key and value; its values are texts, since a tree has nothing else."""


@dataclass(frozen=True)
class Submitted:
    """What became of a submission."""

    content: str
    tree: Tree
    mapped: Mapped
    problems: tuple[Problem, ...]

    @property
    def quads(self) -> tuple[Quad, ...]:
        return self.mapped.quads

    @property
    def messages(self) -> list[str]:
        return [str(problem) for problem in sorted(self.problems)]

    def objects(self, predicate: str, subject: NamedNode | None = None) -> set[str]:
        """The values of a property of the own namespace, of one subject or of all."""
        return {
            quad.object.value
            for quad in self.quads
            if quad.predicate.value == KG + predicate
            and (subject is None or quad.subject == subject)
            and isinstance(quad.object, NamedNode | Literal)
        }

    def typed(self, class_: str) -> set[str]:
        """The IRIs of the instances of a class of the own namespace."""
        return {
            quad.subject.value
            for quad in self.quads
            if quad.object == NamedNode(KG + class_) and quad.predicate.value.endswith("#type")
        }


def article(
    text: str = TEXT, slug: str = "news", metadata: str = METADATA, schema: Schema = SCHEMA
) -> tuple[Article, Mapped]:
    tree = read_yaml(metadata, FileProblems("article.yaml"))
    return map_article(
        ArticleFile(slug, "article.yaml", text, checksum(text.encode()), tree), schema
    )


def submit(
    content: str | Mapping[str, Any],
    file: str = "articles/news/facts.yaml",
    text: str = TEXT,
    slug: str = "news",
    schema: Schema = SCHEMA,
) -> Submitted:
    """Read, ground and map; a mapping is written out as JSON, which is YAML as well here."""
    written = content if isinstance(content, str) else json.dumps(content, ensure_ascii=False)
    source = read_submission(written.encode(), file, slug, schema)
    grounded = ground_submission(source.tree, text, file)
    about, _ = article(text, slug, schema=schema)
    mapped = map_submission(source, about, grounded.passages, schema)
    return Submitted(written, source.tree, mapped, (*grounded.problems, *mapped.problems))


def facts(**changes: Any) -> dict[str, Any]:
    """A copy of FACTS with other values under some keys."""
    return {**copy.deepcopy(FACTS), **changes}


def asserting(*asserted: Any, **statement: Any) -> dict[str, Any]:
    """A submission of one statement that asserts these."""
    return {
        "article": "news",
        "statements": [{"words": WORDS[0], **statement, "asserts": list(asserted)}],
    }


def plain(tree: Tree) -> Any:
    """The tree without positions: texts, lists and dictionaries."""
    match tree:
        case Scalar():
            return tree.text
        case Items():
            return [plain(item) for item in tree]
        case Fields():
            return {key.text: plain(value) for key, value in tree}
        case Faulty():
            return None
