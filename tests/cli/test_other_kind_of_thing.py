"""References to what is described, but is no such thing as the key takes."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.conftest import Run

from .test_more_than_one_mistake import brief, change, told
from .test_structural_mistakes import codes


@pytest.mark.parametrize(
    ("old", "new", "code", "remedy"),
    [
        (
            "jurisdiction: al-waha",
            "jurisdiction: layla-hasan",
            "Office-jurisdiction",
            "layla-hasan is described under people; "
            "here stands the slug of what is described under places.",
        ),
        (
            "who: organisation/municipal-council",
            "who: person/municipal-council",
            "Participation-participant",
            "Did you mean organisation/municipal-council?",
        ),
    ],
)
def test_what_is_described_in_another_section_is_named(
    example: Path, kgpub: Run, old: str, new: str, code: str, remedy: str
) -> None:
    change(example, (old, new))
    (only,) = [each for each in told(example, kgpub) if each["code"] == code]
    assert remedy in only["remedy"]


def test_nor_is_it_told_that_nothing_refers_to_it(example: Path, kgpub: Run) -> None:
    """The place is an office's slug, and nothing else refers to either of them."""
    change(
        example,
        ("        office: mayor-of-al-waha\n", "        place: chair\n"),
        ("topics:", "  chair: {name: {ar: كرسي, en: Chair}, jurisdiction: al-waha}\ntopics:"),
    )
    assert codes(told(example, kgpub)) == ["Event-place"]


def test_it_is_told_alike_of_all_files_and_of_one_as_built(example: Path, kgpub: Run) -> None:
    assert kgpub("build", cwd=example).returncode == 0
    more = "article: example\nstatements:\n  - words: لسالم عمر الذي\n    asserts:\n"
    more += "      - {type: Tenure, person: al-waha, office: mayor-of-al-waha}\n"
    path = example / "articles/example/more.yaml"
    path.write_text(more, encoding="utf-8")
    whole = brief(told(example, kgpub))
    done = kgpub("validate", "--as-built", str(path), cwd=example)
    full = kgpub("validate", str(path), cwd=example)
    assert whole == [("more.yaml", 5, 32, "al-waha")]
    assert "al-waha is described under places" in full.stdout
    assert done.stdout == full.stdout
