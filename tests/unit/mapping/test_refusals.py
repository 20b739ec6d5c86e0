"""What is wrong is told where it stands, with what would mend it, in the words that users read."""

from __future__ import annotations

import re
from typing import Any

import pytest

from kgpub.vocabulary.schema import schema

from .submissions import BASE, WORDS, article, asserting, submit

FILE = "articles/news/facts.yaml"


def _told(content: str) -> str:
    return "\n".join(submit(content).messages)


def _assert_told(content: str, *fragments: str) -> None:
    """The mark ⌖ in `content` is where the one problem stands."""
    line = content[: content.index("⌖")].count("\n") + 1
    column = content.index("⌖") - content.rfind("\n", 0, content.index("⌖"))
    submitted = submit(content.replace("⌖", ""))
    (problem,) = submitted.problems
    assert (problem.place.file, problem.place.line, problem.place.column) == (FILE, line, column)
    for fragment in fragments:
        assert fragment in str(problem)


KEYS = [
    ("⌖artcle: news", "unknown key 'artcle'", "Did you mean 'article'?"),
    (
        "⌖zzzz: news",
        "unknown key 'zzzz'",
        "Keys here: accepted, article, contributor, date, groups",
    ),
    ("⌖__proto__: news", "unknown key '__proto__'"),
    ("⌖constructor: news", "unknown key"),
    ("⌖'': news", "unknown key ''"),
    ('⌖"a\\u202Eb": news', "unknown key 'a\\u202eb'"),
    ("⌖@graph: []".replace("@graph", "'@graph'"), "unknown key '@graph'"),
    ("⌖kg:article: news", "unknown key 'kg:article'", "Did you mean 'article'?"),
    ("people: {a: {⌖nmae: {ar: ا}}}", "unknown key 'nmae'", "Did you mean 'name'?"),
    (
        "people: {a: {⌖person: b}}",
        "'person' has no place on the type Person",
        "It stands on: Membership",
    ),
    ("people: {a: {⌖words: b}}", "'words' has no place on the type Person", "Quotation, Statement"),
    ("people: {a: {⌖'@context': x}}", "unknown key '@context'"),
    ("⌖checksum: x", "'checksum' is worked out by kgpub", "Remove it."),
    ("⌖file: x", "'file' is worked out by kgpub"),
    ("places: {a: {⌖same-as: Q1}}", "'same-as' is worked out by kgpub"),
    ("statements: [{words: كلمة10, ⌖passage: x}]", "'passage' is worked out by kgpub"),
    ("statements: [{words: كلمة10, ⌖kind: x}]", "'kind' has no place on the type Statement"),
    (
        "statements: [{words: كلمة10, asserts: {type: Tenure, ⌖earliest: 2016-01-01}}]",
        "'earliest' is worked out by kgpub",
    ),
    (
        "statements: [{words: كلمة10, asserts: {type: Tenure, ⌖persn: a}}]",
        "unknown key 'persn'",
        "Did you mean 'person'?",
    ),
    (
        "statements: [{words: كلمة10, asserts: {type: Tenure, ⌖resident: person/a}}]",
        "'resident' has no place on the type Tenure",
        "It stands on: Residence.",
    ),
]

TYPES = [
    (
        "statements: [{words: كلمة10, asserts: {type: ⌖Tenur}}]",
        "'Tenur' is no type that fits here",
        "Did you mean Tenure?",
    ),
    (
        "statements: [{words: كلمة10, asserts: {type: ⌖Person}}]",
        "'Person' is no type that fits here",
        "Types here: Tenure, Membership",
    ),
    ("statements: [{words: كلمة10, asserts: {type: ⌖[Tenure, Event]}}]", "no type that fits"),
    (
        "statements: [{words: كلمة10, asserts: [⌖{person: a}]}]",
        "the type is missing",
        "Types here: Tenure",
    ),
    ("statements: [{words: كلمة10, type: ⌖Fact}]", "'Fact' is no type", "Statement, Quotation"),
    ("people: {a: {type: ⌖Office}}", "'Office' is no type that fits here", "Types here: Person."),
    ("type: ⌖Article", "'Article' is no type that fits here", "Types here: Submission."),
    ("people: {a: {type: Person, ⌖'@type': Office}}", "'@type' says again what 'type' says"),
    (
        "statements: [{words: كلمة10, asserts: {type: Tenure, id: _:a, ⌖'@id': _:b}}]",
        "'@id' says again what 'id' says",
    ),
]

TEXTS = [
    (
        "statements: [{words: كلمة10, asserts: {type: Relationship, kind: marriage, "
        "between: [person/a, ⌖person/a]}}]",
        "'person/a' stands here twice, and a relationship is between different parties",
        "Name the other party.",
    ),
    ("people: {a: {name: ⌖سامي}}", "'name' needs the language of its text", "name: {ar: سامي}"),
    ("people: {a: {name: ⌖[سامي]}}", "'name' needs the language of its text", "name: {ar: …}"),
    ("people: {a: {name: {⌖arabic language: س}}}", "'arabic language' is no language tag"),
    ("people: {a: {name: {⌖en-a: س}}}", "'en-a' is no language tag", "ar, ckb, en (BCP 47)"),
    ("people: {a: {name: {⌖'@none': س}}}", "'@none' is no language tag"),
    ("people: {a: {name: {⌖'': س}}}", "'' is no language tag"),
    ("people: {a: {name: {⌖xx: س}}}", "'xx' is the tag of no language", "here: ar, ckb, ku"),
    ("people: {a: {name: {⌖arr: س}}}", "'arr' is the tag of no language", "Did you mean ar?"),
    ("people: {a: {name: {ar: ⌖{x: y}}}}", "'name' takes a text"),
    ("people: {a: {name: {ar: ⌖''}}}", "'name' has no value", "Give one, or remove the key."),
    ("people: {a: {name: {ar: [س, ⌖' ']}}}", "'name' has no value"),
    ("people: {a: {evidence: ⌖{en: x}}}", "'evidence' takes a text"),
    ("contributor: ⌖[[x]]".replace("⌖[[", "[⌖["), "'contributor' takes a text"),
    (
        "statements: [{words: كلمة10, said-by: organisation/the-paper, introduced-by: ⌖[قال]}]",
        "'introduced-by' takes one text",
    ),
]

VALUES = [
    ("offices: {a: {single-holder: ⌖yes}}", "'yes' is neither true nor false", "Write true or"),
    ("offices: {a: {single-holder: ⌖True}}", "'True' is neither true nor false", "Write true."),
    ("offices: {a: {single-holder: ⌖FALSE}}", "'FALSE' is neither true nor", "Write false."),
    ("date: ⌖2021-02-30", "'2021-02-30' is not a date: day is out of range", "2020-05-07"),
    ("date: ⌖2021-02-30", "Did you mean 2021-02-28?"),
    ("date: ⌖2021-2-3", "is not a date: it is not of the form YYYY-MM-DD", "Write: 2021-02-03"),
    ("date: ⌖٢٠٢١-٠٢-٠٣", "it is not of the form YYYY-MM-DD", "Write: 2021-02-03"),
    ("date: ⌖Feb 2021", "it is not of the form YYYY-MM-DD", "Write year, month and day"),
    ("date: ⌖3/4/2021", "Write year, month, day: 2021-04-03 or 2021-03-04"),
    ("date: ⌖2021-02-03T00:00:00", "it is not of the form YYYY-MM-DD"),
    ("organisations: {a: {kind: ⌖news paper}}", "'news paper' cannot be a kind", "head-of-state"),
    ("organisations: {a: {kind: ⌖kind:x}}", "an IRI of the scheme 'kind' is not allowed here"),
    ("people: {a: {wikidata: ⌖q796}}", "'q796' is not a Wikidata item", "Items look like Q796."),
    ("people: {a: {wikidata: ⌖Q0}}", "'Q0' is not a Wikidata item"),
    ("people: {a: {wikidata: ⌖Q7/../Q8}}", "is not a Wikidata item"),
    ("people: {a: {wikidata: ⌖_:x}}", "'_:x' is not a Wikidata item"),
]

FACT_VALUES = [
    ("ordinal: ⌖six", "'six' is not a whole number", "Write digits 0-9 only"),
    ("ordinal: ⌖٦", "'٦' is not a whole number"),
    ("ordinal: ⌖06", "'06' is not a whole number"),
    ("ordinal: ⌖1.0", "'1.0' is not a whole number"),
    ("ordinal: ⌖1e3", "'1e3' is not a whole number"),
    ("ordinal: ⌖9999999999999999999", "has more than 18 digits", "of 18 digits at most"),
    ("ordinal: ⌖-1000000000000000000", "has more than 18 digits"),
    ("day: ⌖الأحد", "cannot be a day", "Write Sunday."),
    ("day: ⌖يوم الخميس", "cannot be a day", "Write Thursday."),
    ("day: ⌖هەینی", "cannot be a day", "Write Friday."),
    ("day: ⌖some day", "Days here: Monday, Tuesday, Wednesday, Thursday, Friday, Saturday, Sun"),
    ("negated: ⌖no", "'no' is neither true nor false"),
    ("start: ⌖2021-02-30", "2021"),
    ("start: ⌖'May 2020'", "May 2020"),
    ("start: ⌖2003/2001", "ends before it begins"),
    ("time: ⌖Thursday", "Thursday"),
    ("day: ⌖يوم الخميس", "cannot be a day"),
    ("person: ⌖../../etc/passwd", "'../../etc/passwd' cannot be a slug", ": etc-passwd"),
    ("person: ⌖a/../b", "'a/../b' cannot be a slug"),
    (
        "person: ⌖Sami-Nur",
        "'Sami-Nur' cannot be a slug",
        "hyphens, 100 characters at most: sami-nur",
    ),
    ("person: ⌖سامي", "'سامي' cannot be a slug", "at most."),
    ("person: ⌖sami nur", "'sami nur' cannot be a slug", ": sami-nur"),
    ("person: ⌖sami--nur", "'sami--nur' cannot be a slug"),
    ("person: ⌖person/sami", "person takes a bare slug", "Write sami."),
    ("person: ⌖office/mayor", "person takes a slug of person/, not of office/"),
    ("person: ⌖_:x", "'_:x' cannot be a slug"),
    ("person: ⌖id", "'id' is a word of the format", "such as id-1."),
    ("person: ⌖//evil.example/x", "cannot be a slug"),
    ("person: ⌖'?x'", "'?x' cannot be a slug"),
    ("person: ⌖'#x'", "'#x' cannot be a slug"),
    ("person: ⌖http://example.net/a b", "is not a valid IRI", "percent-encoded (a space is %20)"),
    ("person: ⌖'http://example.net/<x>'", "is not a valid IRI"),
    ("person: ⌖javascript:alert(1)", "an IRI of the scheme 'javascript' is not allowed here"),
    ("person: ⌖JavaScript:alert(1)", "an IRI of the scheme 'JavaScript' is not allowed here"),
    ("person: ⌖data:text/html", "an IRI of the scheme 'data' is not allowed here"),
    ("person: ⌖file:///etc/passwd", "an IRI of the scheme 'file' is not allowed", "Write a slug"),
    ("person: ⌖urn:uuid:1", "an IRI of the scheme 'urn' is not allowed here"),
    ("person: ⌖https://", "an IRI of the scheme 'https' is not allowed here", "with https://"),
    ("about: ⌖mayor", "'mayor' does not say of what kind", "Write office/mayor."),
    ("about: ⌖nobody", "'nobody' does not say of what kind", "folders are: person, organisation"),
    ("about: ⌖persons/mayor", "no folder of references is called 'persons'", "mean person/mayor?"),
    ("about: ⌖person/Mayor", "'Mayor' cannot be a slug", "Did you mean person/mayor?"),
    ("about: ⌖person/", "'' cannot be a slug", "A slug is made of a-z"),
    ("about: ⌖person/../office/mayor", "'../office/mayor' cannot be a slug", "A slug is made of"),
    ("about: ⌖_:مرحبا", "'_:مرحبا' is not a label", "Labels look like _:stay-in-london."),
    ("about: ⌖'_:'", "'_:' is not a label"),
    ("about: ⌖fact/xyz", "no folder of references is called 'fact'", "folders are: person"),
    ("about: ⌖{id: person/a}", "'about' takes a text"),
    ("reason: [[⌖x]]".replace("[[⌖", "[⌖["), "'reason' takes a text"),
    (
        "id: ⌖person/x",
        "'person/x' cannot be an id on the type Tenure",
        "Write a label such as _:stay",
    ),
    ("id: ⌖fact/x", "'fact/x' cannot be an id on the type Tenure"),
    ("id: ⌖https://example.net/x", "cannot be an id on the type Tenure"),
    ("id: ⌖[_:x]", "'' cannot be an id on the type Tenure"),
]

STRUCTURE = [
    ("people: ⌖[a, b]", "'people' is a mapping of keys to values", "Write `key: value` lines."),
    ("people:⌖", "'people' is a mapping of keys to values"),
    ("people: {a: ⌖[]}", "'a' is a mapping of keys to values"),
    ("people: {⌖Sami Nur: {name: {ar: س}}}", "'Sami Nur' cannot be a slug", ": sami-nur"),
    ("people: {⌖type: {name: {ar: س}}}", "'type' is a word of the format"),
    ("people: {⌖../a: {name: {ar: س}}}", "'../a' cannot be a slug"),
    (
        "people: {a: {⌖id: person/a}}".replace("⌖id: ", "id: ⌖"),
        "cannot be an id on the type Person",
    ),
    ("'@id': ⌖http://example.net/", "cannot be an id on the type Submission", "Leave it out."),
    ("statements: [{words: كلمة10, id: ⌖_:x}]", "'_:x' cannot be an id on the type Statement"),
    ("statements: [{words: كلمة10, asserts: [⌖{}]}]", "one of 'asserts' is empty", "Describe it"),
    ("statements: ⌖none", "each of 'statements' is a mapping of keys to values"),
    ("statements: [⌖[]]", "each of 'statements' is a mapping of keys to values"),
    ("article: ⌖other", "names another article", "Write article: news, or move the file."),
    (
        "statements: [{words: كلمة10, asserts: {type: Event, participants: ⌖person/a}}]",
        "each of 'participants' is a mapping",
    ),
    (
        "statements: [{words: كلمة10, asserts: {type: Event, participants: [⌖{}]}}]",
        "one of 'participants' is empty",
    ),
    (
        "statements: [{words: كلمة10, asserts: {type: Event, participants: [{id: ⌖_:x}]}}]",
        "'_:x' cannot be an id on the type Participation",
    ),
    (
        "statements: [{words: كلمة10, asserts: {type: Event, id: ⌖event/Escape}}]",
        "'event/Escape' cannot be an id on the type Event",
        "Write event/escape.",
    ),
    ("'@context': ⌖https://schema.org", "only kgpub's own context is read", "leave @context out"),
    ("'@context': ⌖{name: http://schema.org/name}", "only kgpub's own context is read"),
    (
        "'@context': ⌖[https://w3id.org/kgpub/ontology/context.jsonld, {}]",
        "only kgpub's own context is read",
    ),
]


@pytest.mark.parametrize("case", [*KEYS, *TYPES, *TEXTS, *VALUES, *STRUCTURE])
def test_a_problem_is_told_at_its_place(case: tuple[str, ...]) -> None:
    _assert_told(*case)


@pytest.mark.parametrize("case", FACT_VALUES)
def test_a_problem_of_a_fact_is_told_at_its_place(case: tuple[str, ...]) -> None:
    content, *fragments = case
    sections = "offices: {mayor: {name: {ar: العمدة}}}\n"
    statement = f"statements: [{{words: {WORDS[0]}, asserts: {{type: Tenure, {content}}}}}]"
    _assert_told(sections + statement, *fragments)


@pytest.mark.parametrize(
    "content",
    [
        "'@context': https://w3id.org/kgpub/ontology/context.jsonld\narticle: news",
        "'@type': Submission\narticle: news",
        "people: {a: {'@type': Person}}",
        "statements: [{words: كلمة10, asserts: {'@type': Tenure, '@id': _:a}}]",
        "statements: [{words: كلمة10, asserts: {'@type': Event, '@id': event/a}}]",
        "statements: [{words: كلمة10, asserts: [event/a, {'@id': event/b}]}]",
        "statements: {words: كلمة10, asserts: {type: Tenure, person: https://example.net/a%20b}}",
        "statements: {words: كلمة10, about: [article/news, event/x, topic/y, group/z]}",
    ],
)
def test_what_json_ld_and_its_aliases_allow_is_no_problem(content: str) -> None:
    assert submit(content).problems == ()


def test_everything_that_is_wrong_is_told_at_once() -> None:
    content = "artcle: a\npeople: {A: {}, b: {nme: x}}\nstatements: [{words: x, asserts: {}}]\n"
    told = _told(content)
    for line, column in ((1, 1), (2, 10), (2, 21), (3, 22), (3, 34)):
        assert f"{FILE}:{line}:{column}: error: " in told


@pytest.mark.parametrize("length", [10**6])
@pytest.mark.parametrize(
    "content",
    [
        "? {}\n: x",
        "type: {}",
        "people: {{? {} : {{name: {{ar: x}}}}}}",
        "people: {{a: {{name: {}}}}}",
        "people: {{a: {{name: {{? {} : x}}}}}}",
        "people: {{a: {{wikidata: {}}}}}",
        "date: {}",
        "organisations: {{a: {{kind: {}-}}}}",
        "offices: {{a: {{organisation: {}}}}}",
        "offices: {{a: {{organisation: {}:x}}}}",
        "offices: {{a: {{single-holder: {}}}}}",
        "statements: [{{words: كلمة10, about: {}}}]",
        "statements: [{{words: كلمة10, asserts: {{type: Tenure, id: {}, start: 2016}}}}]",
        "statements: [{{words: كلمة10, asserts: {{type: Tenure, ordinal: {}}}}}]",
    ],
)
def test_a_message_quotes_no_more_than_the_beginning_of_a_huge_value(
    content: str, length: int
) -> None:
    submitted = submit(content.format("A" * length))
    assert submitted.problems != ()
    assert all(len(message) < 1_000 for message in submitted.messages)


@pytest.mark.parametrize(
    ("line", "fragments"),
    [
        ("language: Arabic language", ("article.yaml:1:11", "is no language tag")),
        ("language: en-a", ("article.yaml:1:11", "'en-a' is no language tag")),
        ("language: [ar]", ()),
        ("title: خبر", ("article.yaml:1:8", "'title' needs the language", "title: {und: خبر}")),
        ("publisher: organisation/a", ("article.yaml:1:12", "publisher takes a bare slug")),
        ("published: yesterday", ("article.yaml:1:12", "yesterday")),
        ("source: javascript:alert(1)", ("article.yaml:1:9", "'javascript' is not allowed")),
        ("source: example.net/x", ("article.yaml:1:9", "'example.net/x' is not a web address")),
        ("text: x", ("article.yaml:1:1", "'text' is worked out by kgpub")),
        ("type: Person", ("article.yaml:1:7", "'Person' is no type that fits here")),
        ("[]", ("article.yaml:1:1", "an article's metadata is a mapping of keys to values")),
        ("autor: x", ("article.yaml:1:1", "unknown key 'autor'")),
    ],
)
def test_what_is_wrong_with_the_metadata_of_an_article_is_told(
    line: str, fragments: tuple[str, ...]
) -> None:
    _, mapped = article(metadata=line)
    told = "\n".join(map(str, mapped.problems))
    assert all(fragment in told for fragment in fragments)
    assert bool(told) is bool(fragments)


@pytest.mark.parametrize("folder", ["article", "person", "event"])
def test_a_base_that_ends_like_a_folder_is_no_folder(folder: str) -> None:
    """Keys whose references may be of any kind have the workspace's base itself."""
    terms = schema(f"https://example.org/{folder}/")
    about = {"type": "Tenure", "person": "a", "about": "office/mayor", "reason": "_:b"}
    other = {"id": "_:b", "type": "Tenure", "person": "b"}
    submitted = submit(asserting(about, other), schema=terms)
    assert submitted.problems == ()
    assert submitted.objects("about") == {f"https://example.org/{folder}/office/mayor"}
    assert submitted.objects("person") == {
        f"https://example.org/{folder}/person/{slug}" for slug in "ab"
    }


@pytest.mark.parametrize(
    ("key", "value", "iri"),
    [
        ("person", "a", f"{BASE}person/a"),
        ("person", "https://example.net/كاظمي", "https://example.net/كاظمي"),
        ("about", "person/a", f"{BASE}person/a"),
        ("about", f"fact/{'0' * 32}", f"{BASE}fact/{'0' * 32}"),
        ("topic", ["a", "b"], f"{BASE}topic/b"),
    ],
)
def test_a_reference_is_its_iri(key: str, value: Any, iri: str) -> None:
    submitted = submit(asserting({"type": "Tenure", key: value}))
    assert submitted.problems == ()
    assert iri in submitted.objects(key)


def test_control_characters_never_reach_a_message_raw() -> None:
    content = 'people: {"a\\u001b[31m": {}, b: {name: {"\\u202e": x}, wikidata: "Q\\u0007"}}'
    for message in submit(content).messages:
        assert not re.search("[\x00-\x09\x0b-\x1f\u202a-\u202e]", message)
    assert len(submit(content).messages) == 3
