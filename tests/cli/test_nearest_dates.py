"""A date that cannot be read is told with the nearest one that can, in every form of the report."""

from __future__ import annotations

import html
import json
from pathlib import Path
from urllib.parse import unquote
from xml.etree import ElementTree

import pytest
from tests.conftest import Run

FACTS = "articles/example/facts.yaml"
FORMS = ("text", "json", "html", "sarif", "junit", "github")


def started(root: Path, time: str) -> None:
    path = root / FACTS
    text = path.read_text(encoding="utf-8")
    assert text.count("start: 2019") == 1
    path.write_text(text.replace("start: 2019", f"start: {time}"), encoding="utf-8")


def remedies(form: str, told: str) -> str:
    """What a form says, without how it is written there."""
    if form == "json":
        return "\n".join(each["remedy"] for each in json.loads(told)["problems"])
    if form == "sarif":
        return "\n".join(each["message"]["text"] for each in json.loads(told)["runs"][0]["results"])
    if form == "junit":
        return ElementTree.fromstring(told).findtext(".//failure") or ""
    if form == "html":
        return html.unescape(told)
    return unquote(told) if form == "github" else told


@pytest.mark.parametrize("form", FORMS)
def test_every_form_has_the_nearest_date(example: Path, kgpub: Run, form: str) -> None:
    started(example, "2021-02-30")
    done = kgpub("validate", "-f", form, cwd=example)
    assert done.returncode == 1
    assert "Did you mean 2021-02-28?" in remedies(form, done.stdout)


@pytest.mark.parametrize(
    ("language", "time", "advice"),
    [
        ("en", "٢٠٢١-٠٢-٠٣", "Write: 2021-02-03"),
        ("en", "2021-13-01", "Did you mean 2021-01-13 or 2021-12-01?"),
        ("en", "03/04/2021", "Write year, month, day: 2021-04-03 or 2021-03-04"),
        ("ar", "2021-02-30", "هل تقصد «\u20682021-02-28\u2069»؟"),
        ("ar", "2021-13-01", "هل تقصد «\u20682021-01-13\u2069 أو \u20682021-12-01\u2069»؟"),
        ("ckb", "2021-02-30", "ئایا مەبەستت «\u20682021-02-28\u2069» بوو؟"),
    ],
)
def test_in_the_reader_s_language(
    example: Path, kgpub: Run, language: str, time: str, advice: str
) -> None:
    started(example, time)
    done = kgpub("validate", "--lang", language, cwd=example)
    assert done.returncode == 1
    assert advice in done.stdout


def test_dates_out_of_order_are_told_with_both(example: Path, kgpub: Run) -> None:
    started(example, "2019-05-01, end: 2018-04")
    done = kgpub("validate", cwd=example)
    assert done.returncode == 1
    assert "The start lies after the end" in done.stdout
    # The first day of the one and the last of the other.
    assert "2019-05-01" in done.stdout and "2018-04-30" in done.stdout
