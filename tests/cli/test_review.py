"""`kgpub review`: submissions decided in a terminal, by whoever has the workspace's folder."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml
from tests.conftest import Run

from kgpub.submissions.kept import Queue
from kgpub.submissions.submission import Account, Content, Submission

ANNA = Account("token/a", "Anna")
FACTS = """\
article: example
people:
  nadia-karim: {name: {en: Nadia Karim, ar: نادية كريم}}
statements:
  - words: وقالت حسن
    about: [person/nadia-karim]
"""


def queue_of(root: Path) -> Queue:
    return Queue(root / ".kgpub", lambda: datetime.now(UTC))


def submitted(root: Path, facts: str = FACTS) -> Submission:
    text = (root / "articles/example/article.txt").read_bytes()
    content = Content("example", ".yaml", facts.encode())
    return queue_of(root).receive(content, hashlib.sha256(text).hexdigest(), ANNA).submission


@pytest.fixture
def editor(tmp_path: Path) -> Path:
    """A program that edits: it writes another name."""
    program = tmp_path / "editor"
    program.write_text("#!/bin/sh\nsed -i 's/Nadia Karim/Nadia Kareem/' \"$1\"\n")
    program.chmod(0o755)
    return program


def test_what_waits_is_listed_and_shown(built: Path, kgpub: Run) -> None:
    nothing = kgpub("review", "--list", cwd=built)
    assert nothing.stdout == "Nothing waits to be decided.\n"
    one = submitted(built)
    listed = kgpub("review", "--list", cwd=built).stdout
    assert one.id in listed and "waiting" in listed and "Anna" in listed
    shown = kgpub("review", "--show", one.id, cwd=built).stdout
    assert "Nadia Karim" in shown and "[وقالت حسن]" in shown and "5 │   - words" in shown
    missing = kgpub("review", "--show", "none", cwd=built)
    assert missing.returncode == 2 and "there is no submission none" in missing.stderr


def test_what_is_accepted_is_published_at_once(built: Path, kgpub: Run) -> None:
    one = submitted(built)
    done = kgpub("review", "--accept", one.id, "--because", "Right.", "--by", "Layla", cwd=built)
    assert done.returncode == 0 and "1 submission published" in done.stdout
    file = built / f"articles/example/submission-{one.id}.yaml"
    told = yaml.safe_load(file.read_text(encoding="utf-8"))["accepted"]
    assert (told["editor"], told["remark"], told["submitter"]) == ("Layla", "Right.", ["Anna"])
    query = "SELECT ?by { ?s kg:acceptance/kg:acceptedBy ?by }"
    assert "Layla" in kgpub("query", query, cwd=built).stdout
    again = kgpub("review", "--accept", one.id, cwd=built)
    assert again.returncode == 2 and "is published by now" in again.stderr


def test_who_rejects_says_why(built: Path, kgpub: Run) -> None:
    one, other = submitted(built), submitted(built, FACTS + "# other\n")
    assert kgpub("review", "--reject", one.id, cwd=built).returncode == 2
    assert kgpub("review", "--reject", one.id, "--because", "No.", cwd=built).returncode == 0
    assert kgpub("review", "--ask", other.id, "--because", "Who?", cwd=built).returncode == 0
    events = [queue_of(built).get(each.id).events[-1] for each in (one, other)]
    assert [(each.action.value, each.reason) for each in events] == [
        ("rejected", "No."),
        ("asked-changes", "Who?"),
    ]
    both = kgpub("review", "--reject", one.id, "--accept", other.id, cwd=built)
    assert both.returncode == 2 and "exclude each other" in both.stderr


def test_one_after_the_other_is_decided(built: Path, kgpub: Run) -> None:
    facts = [FACTS.replace("nadia-karim", f"nadia-{number}") for number in range(4)]
    ids = [submitted(built, each).id for each in facts]
    lines = "?\nr\nr Not said there.\nl\nc Who is she?\na As it says.\n"
    done = kgpub("review", cwd=built, stdin=lines)
    assert done.returncode == 0, done.stderr
    assert "a reason is needed" in done.stdout and "1 submission published" in done.stdout
    states = [queue_of(built).get(id_).state.value for id_ in ids]
    assert states == ["rejected", "waiting", "changes-asked", "published"]


def test_facts_are_edited_and_checked(built: Path, kgpub: Run, editor: Path) -> None:
    one = submitted(built)
    done = kgpub("review", "--by", "Layla", cwd=built, stdin="e\n", EDITOR=str(editor), VISUAL="")
    assert "1 submission published" in done.stdout
    file = built / f"articles/example/submission-{one.id}.yaml"
    told = yaml.safe_load(file.read_text(encoding="utf-8"))
    assert told["people"]["nadia-karim"]["name"]["en"] == "Nadia Kareem"
    assert told["accepted"]["edited-by"] == ["Layla"]
    other = submitted(built, FACTS.replace("nadia-karim", "other"))
    wrong = "sed -i s/article:/artikel:/"
    refused = kgpub("review", cwd=built, stdin="e\nq\n", EDITOR=wrong, VISUAL="")
    assert "nothing was changed" in refused.stdout
    broken = kgpub("review", cwd=built, stdin="e\nq\n", EDITOR="/no/such/editor", VISUAL="")
    assert "cannot be run" in broken.stdout and "Traceback" not in broken.stderr
    assert queue_of(built).get(other.id).revision.number == 1


def test_an_article_that_changed_is_looked_at_first(built: Path, kgpub: Run) -> None:
    one = submitted(built)
    path = built / "articles/example/article.txt"
    path.write_text(path.read_text(encoding="utf-8") + "وانتهى.\n", encoding="utf-8")
    shown = kgpub("review", "--show", one.id, cwd=built).stdout
    assert "accepted: 0 errors" in shown, shown
    blind = kgpub("review", "--accept", one.id, cwd=built)
    assert blind.returncode == 2 and "the text of the article has changed" in blind.stderr
    seen = kgpub("review", cwd=built, stdin="a\n")
    assert "The text of the article has changed" in seen.stdout
    assert "1 submission published" in seen.stdout


def test_what_cannot_be_built_waits_again(built: Path, kgpub: Run) -> None:
    one = submitted(built)
    path = built / "articles/example/article.txt"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("وقالت حسن", "وصرحت"), encoding="utf-8")
    done = kgpub("review", "--accept", one.id, cwd=built)
    assert done.returncode == 2 and "not valid, or not any more" in done.stderr
    assert queue_of(built).get(one.id).state.value == "waiting"


def test_nothing_that_was_submitted_drives_the_terminal(built: Path, kgpub: Run) -> None:
    facts = FACTS.replace("Nadia Karim", "N\u0430dia") + "# \u202e\u009b31m\n"
    one = submitted(built, facts)
    shown = kgpub("review", "--show", one.id, cwd=built).stdout
    assert not {"\u202e", "\u009b", "\x1b"} & set(shown)
    assert "U+0430 CYRILLIC SMALL LETTER A" in shown and "U+202E" in shown
