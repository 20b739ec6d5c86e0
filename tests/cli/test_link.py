"""`kgpub link`: with a gazetteer, at Wikidata, and with a person who decides."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.conftest import Run
from tests.wikidata_server import Fault, WikidataServer, wikidata_server

from kgpub.model.links import Decided, ReviewedLink
from kgpub.pipeline.kept_links import KeptLinks

ARTICLE = "قال سالم الوردي، رئيس وزراء سهلستان، إن حزب السهل فاز في مدينة السهل.\n"
METADATA = "title: {ar: حزب السهل}\nlanguage: ar\npublisher: plain-paper\n"
FACTS = """article: plain
people:
  salim: {name: {ar: سالم الوردي, en: Salim al-Wardi}}
  amina: {name: {ar: أمينة التي لا يعرفها أحد}}
organisations:
  plain-paper: {name: {ar: جريدة لا يعرفها أحد}, kind: media-outlet}
  plain-party: {name: {ar: حزب السهل, en: Plain Party}, kind: political-party}
places:
  sahlistan: {name: {ar: سهلستان, en: Sahlistan}, wikidata: Q9000005, evidence: The flag.}
offices:
  prime-minister: {name: {ar: رئيس وزراء سهلستان}, jurisdiction: sahlistan}
statements:
  - words: سالم الوردي، رئيس وزراء سهلستان
    asserts:
      - {type: Tenure, person: salim, office: prime-minister, time: 2020}
  - words: حزب السهل فاز في مدينة السهل
    asserts:
      - {type: Membership, person: amina, organisation: plain-party}
"""
FOUND = "links-found.csv"
ITEMS = [
    {"qid": "Q9000001", "type": "person", "names": {"ar": ["سالم الوردي"]}, "source": "test"},
    {"qid": "Q9000004", "type": "organisation", "names": {"en": ["Plain Party"]}, "source": "test"},
    {"qid": "Q9000007", "type": "person", "names": {"ar": ["كريم البصري"]}, "source": "test"},
]


@pytest.fixture
def plain(example: Path) -> Path:
    folder = example / "articles" / "plain"
    folder.mkdir()
    for name, text in (
        *(("article.txt", ARTICLE), ("article.yaml", METADATA), ("facts.yaml", FACTS)),
    ):
        (folder / name).write_text(text, encoding="utf-8")
    return example


@pytest.fixture
def gazetteer(tmp_path: Path) -> Path:
    path = tmp_path / "items.jsonl"
    path.write_text("".join(json.dumps(item, ensure_ascii=False) + "\n" for item in ITEMS))
    return path


@pytest.fixture
def server() -> Iterator[WikidataServer]:
    with wikidata_server() as running:
        yield running


def live(kgpub: Run, root: Path, server: WikidataServer) -> tuple[int, str, str]:
    addresses = ("--api", server.api, "--sparql", server.sparql)
    done = kgpub("link", "--live", "--contact", "editor@example.org", *addresses, cwd=root)
    return done.returncode, done.stdout, done.stderr


def rows(root: Path, file: str = FOUND) -> dict[str, list[dict[str, str]]]:
    found: dict[str, list[dict[str, str]]] = {}
    with (root / file).open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            found.setdefault(row["entity"], []).append(row)
    return found


def test_a_gazetteer_links_what_it_has_and_the_build_publishes_it(
    plain: Path, gazetteer: Path, kgpub: Run
) -> None:
    done = kgpub("link", "--gazetteer", str(gazetteer), cwd=plain)
    assert (done.returncode, done.stderr) == (0, "")
    found = rows(plain)
    assert [(row["item"], row["outcome"]) for row in found["person/salim"]] == [
        ("Q9000001", "linked")
    ]
    assert [row["item"] for row in found["organisation/plain-party"]] == ["Q9000004"]
    assert [row["outcome"] for row in found["person/amina"]] == ["nil"]
    assert "place/sahlistan" not in found, "its item is declared"
    assert kgpub("build", cwd=plain).returncode == 0
    question = "SELECT ?item { person:salim owl:sameAs ?item }"
    told = kgpub("query", question, "--format", "csv", cwd=plain)
    assert told.stdout.splitlines() == ["item", "http://www.wikidata.org/entity/Q9000001"]


def test_a_folder_of_gazetteers_is_the_default_and_the_index_follows_its_files(
    plain: Path, gazetteer: Path, kgpub: Run
) -> None:
    none = kgpub("link", cwd=plain)
    assert none.returncode == 2
    assert "there is no gazetteer" in none.stderr
    (plain / "gazetteers").mkdir()
    own = plain / "gazetteers" / "items.jsonl"
    own.write_text(gazetteer.read_text().splitlines()[1] + "\n")
    assert kgpub("link", cwd=plain).returncode == 0
    assert rows(plain)["person/salim"][0]["outcome"] == "nil"
    own.write_text(gazetteer.read_text())
    assert kgpub("link", cwd=plain).returncode == 0
    assert rows(plain)["person/salim"][0]["outcome"] == "linked"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b'{"qid": "Q1", "type": "person", "names": {"en": ["A"]}}\n{"qid": "Q2", "ty', ":2:"),
        (b'{"qid": "P31", "type": "person", "names": {"en": ["A"]}}\n', ":1:"),
        (b"\xff\xfe\x00", ":1:"),
    ],
)
def test_a_damaged_gazetteer_is_told_at_its_line(
    plain: Path, tmp_path: Path, kgpub: Run, content: bytes, words: str
) -> None:
    path = tmp_path / "bad.jsonl"
    path.write_bytes(content)
    done = kgpub("link", "-g", str(path), cwd=plain)
    assert done.returncode in (1, 2)
    assert f"bad.jsonl{words}" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (plain / FOUND).exists()


def test_wikidata_is_asked_and_its_evidence_shown(
    plain: Path, server: WikidataServer, kgpub: Run
) -> None:
    code, told, problems = live(kgpub, plain, server)
    assert (code, problems) == (0, "")
    found = rows(plain)
    assert [row["item"] for row in found["organisation/plain-party"]][:1] == ["Q9000004"]
    assert [row["item"] for row in found["office/prime-minister"]][:1] == ["Q9000003"]
    # Two people of that name: the known one comes first, and a person decides if both are near.
    assert found["person/salim"][0]["item"] == "Q9000001"
    assert {row["method"] for row in found["person/salim"]} == {"looked-up"}
    assert found["person/amina"][0]["outcome"] == "nil"
    assert "Q9000004" in told
    requests = len(server.asked)
    assert live(kgpub, plain, server)[0] == 0
    assert len(server.asked) == requests, "all is answered from the cache"


@pytest.mark.parametrize(
    ("declared", "words", "code"),
    [
        ("Q9000004", "is of another type", 1),
        ("Q9000011", "has other names", 1),
        ("Q9000091", "is not in Wikidata", 1),
        ("Q9000006", "disambiguation", 1),
    ],
)
def test_what_is_declared_is_checked(
    plain: Path, server: WikidataServer, kgpub: Run, declared: str, words: str, code: int
) -> None:
    facts = plain / "articles/plain/facts.yaml"
    facts.write_text(facts.read_text().replace("Q9000005", declared))
    done, _, problems = live(kgpub, plain, server)
    assert done == code
    place = [line for line in problems.splitlines() if words in line]
    assert place, problems
    assert place[0].startswith("articles/plain/facts.yaml:9:")


def test_who_asks_must_say_who_they_are(plain: Path, server: WikidataServer, kgpub: Run) -> None:
    done = kgpub("link", "--live", "--api", server.api, "--sparql", server.sparql, cwd=plain)
    assert done.returncode == 2
    assert "contact" in done.stderr
    assert not server.asked


def test_a_person_decides_and_rejected_pairs_never_come_back(
    plain: Path, gazetteer: Path, kgpub: Run
) -> None:
    twins = [{**ITEMS[0], "qid": qid} for qid in ("Q9000021", "Q9000022")]
    gazetteer.write_text("".join(json.dumps(item) + "\n" for item in twins))
    assert kgpub("link", "-g", str(gazetteer), cwd=plain).returncode == 0
    assert [row["outcome"] for row in rows(plain)["person/salim"]] == ["candidate"] * 2
    answers = "what?\nr 1 the father\na 2 the son\n"
    done = kgpub("link", "--review", "--by", "Nour", cwd=plain, stdin=answers)
    assert done.returncode == 0
    assert "سالم الوردي، رئيس وزراء سهلستان" in done.stdout, "the words of the article"
    decided = rows(plain, "links.csv")["person/salim"]
    assert [(row["decision"], row["by"], row["note"]) for row in decided] == [
        ("rejected", "Nour", "the father"),
        ("accepted", "Nour", "the son"),
    ]
    assert kgpub("link", "-g", str(gazetteer), cwd=plain).returncode == 0
    assert "person/salim" not in rows(plain)
    (plain / "links.csv").write_text(
        "".join(f"{line}\n" for line in (plain / "links.csv").read_text().splitlines()[:2])
    )
    assert kgpub("link", "-g", str(gazetteer), cwd=plain).returncode == 0
    assert [row["item"] for row in rows(plain)["person/salim"]] == [decided[1]["item"]]


def test_a_number_of_thousands_of_digits_is_none(plain: Path, gazetteer: Path, kgpub: Run) -> None:
    row = "person/salim,Q9000001,candidate,gazetteer,0.60,It has the name.,1,2026-11-30"
    header = "entity,item,outcome,method,score,evidence,looked-up-in,day"
    (plain / FOUND).write_text(f"{header}\n{row}\n")
    done = kgpub("link", "--review", cwd=plain, stdin=f"a {'1' * 5000}\na 0\na ١\n")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.count("a 1: accept the first") == 2
    (decision,) = KeptLinks(plain).reviewed()
    assert (decision.item, decision.decision) == ("Q9000001", Decided.accepted)


def test_none_of_them_and_later(plain: Path, gazetteer: Path, kgpub: Run) -> None:
    twins = [{**ITEMS[0], "qid": qid} for qid in ("Q9000021", "Q9000022")]
    gazetteer.write_text("".join(json.dumps(item) + "\n" for item in twins))
    kgpub("link", "-g", str(gazetteer), cwd=plain)
    later = kgpub("link", "--review", cwd=plain, stdin="l\n")
    assert later.returncode == 0
    assert not (plain / "links.csv").exists()
    assert kgpub("link", "--review", cwd=plain, stdin="n\n").returncode == 0
    assert rows(plain, "links.csv")["person/salim"][0]["decision"] == "none"
    done = kgpub("link", "--review", cwd=plain, stdin="")
    assert "no open candidates" in done.stdout


def test_what_is_damaged_and_can_be_made_again_is(plain: Path, gazetteer: Path, kgpub: Run) -> None:
    assert kgpub("link", "-g", str(gazetteer), cwd=plain).returncode == 0
    found = (plain / FOUND).read_bytes()
    index = plain / ".kgpub" / "gazetteer.sqlite"
    content = index.read_bytes()
    for damaged in (b"", content[:5000], content[:4096] + b"\x5a" * (len(content) - 4096)):
        index.write_bytes(damaged)
        (plain / FOUND).write_text("<<<<<<< ours\n")
        done = kgpub("link", "-g", str(gazetteer), cwd=plain)
        assert (done.returncode, done.stderr) == (0, "")
        assert (plain / FOUND).read_bytes() == found


def test_a_note_of_any_bytes_is_one_line_and_locks_nothing(
    plain: Path, gazetteer: Path, kgpub: Run
) -> None:
    twins = [{**ITEMS[0], "qid": qid} for qid in ("Q9000021", "Q9000022")]
    gazetteer.write_text("".join(json.dumps(item) + "\n" for item in twins))
    kgpub("link", "-g", str(gazetteer), cwd=plain)
    done = kgpub("link", "--review", cwd=plain, stdin="a 1 the\0 one\x1b[31m \u202e!\n")
    assert done.returncode == 0
    assert rows(plain, "links.csv")["person/salim"][0]["note"] == "the one [31m !"
    assert kgpub("build", cwd=plain).returncode == 0


def test_who_comes_second_is_told_and_nothing_is_lost(plain: Path) -> None:
    kept, other = KeptLinks(plain), KeptLinks(plain)
    accepted = ReviewedLink("person/salim", "Q1", Decided.accepted, "", "A")
    assert kept.decide(ReviewedLink("person/amina", "Q9", Decided.rejected, "", "A"))
    assert other.decide(accepted)
    assert not kept.decide(ReviewedLink("person/salim", "Q2", Decided.accepted, "", "B"))
    assert not kept.decide(ReviewedLink("person/salim", "", Decided.none, "", "B"))
    assert kept.decide(ReviewedLink("person/amina", "Q8", Decided.rejected, "", "B"))
    assert {(each.entity, each.item) for each in other.reviewed()} == {
        ("person/amina", "Q9"),
        ("person/salim", "Q1"),
        ("person/amina", "Q8"),
    }


def decide(root: Path, *decisions: str) -> None:
    rows = "".join(f"{each}\n" for each in decisions)
    (root / "links.csv").write_text(f"entity,item,decision,day,by,note\n{rows}")


def test_a_review_shows_names_and_descriptions_of_what_any_server_once_told(
    plain: Path, server: WikidataServer, kgpub: Run
) -> None:
    assert live(kgpub, plain, server)[0] == 0
    header = "entity,item,outcome,method,score,evidence,looked-up-in,day"
    row = "person/salim,Q9000001,candidate,looked-up,0.60,It has the name.,2026-11-30,2026-11-30"
    (plain / FOUND).write_text(f"{header}\n{row}\n")
    shown = kgpub("link", "--review", cwd=plain, stdin="q\n").stdout
    assert "Salim al-Wardi" in shown
    assert "politician made up for a test" in shown
    (plain / ".kgpub" / "wikidata.sqlite").unlink()
    unknown = kgpub("link", "--review", cwd=plain, stdin="q\n").stdout
    assert "https://www.wikidata.org/wiki/Q9000001" in unknown
    assert "Its names are not known here." in unknown
    (plain / "gazetteers").mkdir()
    known = {**ITEMS[0], "descriptions": {"en": "known from a file"}}
    (plain / "gazetteers" / "items.jsonl").write_text(json.dumps(known))
    assert "known from a file" in kgpub("link", "--review", cwd=plain, stdin="q\n").stdout


def test_a_rejected_or_accepted_redirect_is_the_item_that_it_leads_to(
    plain: Path, server: WikidataServer, kgpub: Run
) -> None:
    assert live(kgpub, plain, server)[0] == 0
    assert "Q9000001" in [row["item"] for row in rows(plain)["person/salim"]]
    decide(plain, "person/salim,Q9000090,rejected,,,")
    assert live(kgpub, plain, server)[0] == 0
    assert "Q9000001" not in [row["item"] for row in rows(plain)["person/salim"]]
    # What Wikidata has told once is known without it, too.
    (plain / "gazetteers").mkdir()
    (plain / "gazetteers" / "items.jsonl").write_text(json.dumps(ITEMS[0]))
    assert kgpub("link", cwd=plain).returncode == 0
    assert [row["outcome"] for row in rows(plain)["person/salim"]] == ["nil"]
    decide(plain, "person/amina,Q9000090,accepted,,,")
    assert kgpub("link", cwd=plain).returncode == 0
    (row,) = rows(plain)["person/salim"]
    assert row["outcome"] == "candidate"
    assert "Q9000001 is linked to person/amina already." in row["evidence"]


def test_an_item_is_declared_and_rejected_by_the_name_that_it_had_before(
    plain: Path, server: WikidataServer, kgpub: Run
) -> None:
    facts = plain / "articles/plain/facts.yaml"
    declared = "{ar: سالم الوردي, en: Salim al-Wardi}, wikidata: Q9000001, evidence: The office.}"
    facts.write_text(facts.read_text().replace("{ar: سالم الوردي, en: Salim al-Wardi}}", declared))
    assert live(kgpub, plain, server)[0] == 0
    decide(plain, "person/salim,Q9000090,rejected,,,")
    code, _, problems = live(kgpub, plain, server)
    assert code == 1
    assert "articles/plain/facts.yaml:3:" in problems
    told = "Q9000001 is declared for person/salim, for which Q9000090 is rejected at links.csv:2:14"
    assert told in problems


def test_what_wikidata_has_told_of_an_item_counts_where_facts_go_back_to_it(
    plain: Path, server: WikidataServer, kgpub: Run
) -> None:
    office = "office/prime-minister,Q9000003,accepted,,,"
    decide(plain, "person/salim,Q9000090,accepted,,,", office)
    line = (
        "%s\tP39\tQ9000003\tP585\t+2020-00-00T00:00:00Z/9"
        '\tS1476\tar:"حزب السهل"\tS1683\tar:"سالم الوردي، رئيس وزراء سهلستان"\n'
    )
    assert kgpub("export", "quickstatements", cwd=plain).stdout == line % "Q9000090"
    assert live(kgpub, plain, server)[0] == 0
    assert kgpub("export", "quickstatements", cwd=plain).stdout == line % "Q9000001"
    decide(plain, "person/salim,Q9000091,accepted,,,", office)
    assert live(kgpub, plain, server)[0] == 1, "it was deleted"
    assert kgpub("export", "quickstatements", cwd=plain).stdout == ""


@pytest.mark.parametrize(
    "fault",
    [
        Fault(content=b'{"search": [{"id": "Q90'),
        Fault(content=b'{"search": 5}'),
        Fault(content=b'{"search": [{"id": 5}]}'),
        Fault(content=b"<html>Down</html>"),
        Fault(content=b"[" * 100_000),
        Fault(content=b'{"search": [' + b"9" * 10_000 + b"]}"),
        Fault(content=b'{"error": {"code": 5}}'),
        Fault(status=404, content=b"no"),
        Fault(status=301, headers={"Location": "http://127.0.0.1:1/"}, content=b""),
    ],
)
def test_a_bad_answer_is_told_and_changes_nothing(
    plain: Path, server: WikidataServer, kgpub: Run, fault: Fault
) -> None:
    before = "entity,item,outcome,method,score,evidence,looked-up-in,day\n"
    (plain / FOUND).write_text(before)
    server.faults.append(fault)
    code, _, problems = live(kgpub, plain, server)
    assert code == 2
    assert problems.startswith("kgpub: ")
    assert "Traceback" not in problems
    assert (plain / FOUND).read_text() == before
    assert live(kgpub, plain, server)[0] == 0, "what was bad is not kept"
    assert rows(plain)["organisation/plain-party"][0]["item"] == "Q9000004"


def test_what_one_item_is_told_of_another_is_an_error(
    plain: Path, server: WikidataServer, kgpub: Run
) -> None:
    """A server that answers with items that were not asked for is not believed."""
    entity = {"type": "item", "id": "P31", "labels": {}, "aliases": {}, "sitelinks": {}}
    content = json.dumps({"entities": {"Q9000001": entity}}).encode()
    assert live(kgpub, plain, server)[0] == 0
    searches = [each for each in server.actions() if each in ("wbsearchentities", "query")]
    (plain / ".kgpub" / "wikidata.sqlite").unlink()
    (plain / FOUND).unlink()
    server.faults.extend([*(Fault() for _ in searches), Fault(content=content)])
    code, _, problems = live(kgpub, plain, server)
    assert (code, "Traceback" in problems) == (2, False)
    assert not (plain / FOUND).exists()
