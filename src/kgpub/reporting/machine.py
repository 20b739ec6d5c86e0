"""Forms of the report that programs read: JSON, SARIF, JUnit, and annotations of GitHub."""

from __future__ import annotations

import json
import os
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import quote
from xml.etree import ElementTree

from kgpub.errors import Place, Problem
from kgpub.messages import Message, said
from kgpub.reporting.comparison_text import comparison_dict, outcome_counts
from kgpub.reporting.terminal import counted, summary
from kgpub.reporting.verdict import Verdict
from kgpub.version import __version__

SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
HOMEPAGE = "https://w3id.org/kgpub"
_LEVELS = {"error": "error", "warning": "warning", "info": "note"}
_COMMANDS = {"error": "error", "warning": "warning", "info": "notice"}
# SARIF (section 3.14.7) has codes of two letters only: that of Kurdish stands for Sorani.
_TWO_LETTERS = {"ckb": "ku"}
_ROOT = "%SRCROOT%"
"""What paths are relative to (section 3.14.14). Where it lies on this machine is not told: the
report is the same wherever the repository has been checked out."""
# What XML 1.0 (section 2.2) has no characters for.
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

_RESULTS = '"results": '
_NO_RESULTS = f"{_RESULTS}[]"
_BREAK_OF_RESULTS = "\n" + 4 * " "
"""What parts the results of a run, each of which is written as it is made."""
_UNSEEN = re.compile("[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")


def as_json(verdict: Verdict) -> Iterator[str]:
    """Yield the report as one JSON object, a problem or compared fact a line.

    `compared` is null, and there are no `outcomes`, where nothing was compared.
    """
    head = {
        "kgpub": __version__,
        "accepted": verdict.accepted,
        "language": verdict.language,
        "counts": {name: verdict.counts[name] for name in _LEVELS},
        "files": list(verdict.files),
    }
    if verdict.compared is not None:
        head["outcomes"] = outcome_counts(verdict.compared)
    yield _json(head)[:-1] + ', "problems": '
    yield from _list(_described(verdict, problem) for problem in verdict.problems)
    yield ', "compared": '
    if verdict.compared is None:
        yield "null"
    else:
        yield from _list(comparison_dict(each, verdict.language) for each in verdict.compared)
    yield "}\n"


def _list(items: Iterable[dict[str, Any]]) -> Iterator[str]:
    start = "[\n"
    for item in items:
        yield start + _json(item)
        start = ",\n"
    yield "[]" if start == "[\n" else "\n]"


def _json(value: Any, indent: int | None = None) -> str:
    """Return `value` as JSON; what would reorder or control a display is written as an escape."""
    text = json.dumps(value, ensure_ascii=False, indent=indent)
    return _UNSEEN.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def _described(verdict: Verdict, problem: Problem) -> dict[str, Any]:
    excerpt = verdict.excerpt(problem)
    described: dict[str, Any] = {
        **_place(problem.place),
        "severity": problem.severity,
        "code": problem.code,
        "message": said(problem.message, verdict.language),
        "remedy": said(problem.remedy, verdict.language),
        "related": [_place(place) for place in problem.related],
    }
    if excerpt is not None:
        described["endColumn"] = problem.place.column + len(excerpt.part)
        described["text"] = excerpt.part
    return described


def _place(place: Place) -> dict[str, Any]:
    sheet = {"sheet": place.sheet} if place.sheet else {}
    return {"file": place.file, **sheet, "line": place.line, "column": place.column}


def sarif(verdict: Verdict) -> Iterator[str]:
    """Yield the report as SARIF 2.1.0; columns count code points (section 3.14.17).

    Whether the data were accepted no level tells: it is a property of the run (section 3.8).
    """
    told = verdict.told
    codes = sorted({problem.code for problem in told})
    driver = {
        "name": "kgpub",
        "version": __version__,
        "informationUri": HOMEPAGE,
        "rules": [{"id": code} for code in codes],
    }
    run: dict[str, Any] = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "language": _TWO_LETTERS.get(verdict.language, verdict.language),
        "results": [],
        "properties": {"accepted": verdict.accepted},
    }
    if verdict.base is not None:
        root = "The root of the repository, or else the folder that kgpub was called in."
        run["originalUriBaseIds"] = {_ROOT: {"description": {"text": root}}}
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    before, after = _json(log, indent=1).split(_NO_RESULTS)  # in a text quotes are escaped
    yield f"{before}{_RESULTS}["
    separator = _BREAK_OF_RESULTS
    for problem in told:
        result = _json(_result(verdict, problem), indent=1)
        yield separator + result.replace("\n", _BREAK_OF_RESULTS)
        separator = f",{_BREAK_OF_RESULTS}"
    yield f"{_BREAK_OF_RESULTS[:-1] if told else ''}]{after}\n"


def _result(verdict: Verdict, problem: Problem) -> dict[str, Any]:
    result: dict[str, Any] = {
        "ruleId": problem.code,
        "level": _LEVELS[problem.severity],
        "message": {"text": _text(verdict, problem)},
        "locations": [
            {"physicalLocation": _location(verdict, problem), **_cell(problem.place)},
        ],
    }
    if problem.related:
        result["relatedLocations"] = [
            {
                "physicalLocation": {
                    "artifactLocation": _artifact(verdict, place),
                    "region": {"startLine": place.line, "startColumn": place.column},
                },
                **_cell(place),
            }
            for place in dict.fromkeys(problem.related)
        ]
    return result


def _cell(place: Place) -> dict[str, Any]:
    """Return the cell of a workbook as a logical location (section 3.33): `people!B1`."""
    if not place.sheet:
        return {}
    return {"logicalLocations": [{"fullyQualifiedName": f"{place.sheet}!{place.cell}"}]}


def _location(verdict: Verdict, problem: Problem) -> dict[str, Any]:
    place, excerpt = problem.place, verdict.excerpt(problem)
    region: dict[str, Any] = {"startLine": place.line, "startColumn": place.column}
    if excerpt is not None:
        region["endColumn"] = place.column + len(excerpt.part)
        region["snippet"] = {"text": excerpt.part}
    return {"artifactLocation": _artifact(verdict, place), "region": region}


def _artifact(verdict: Verdict, place: Place) -> dict[str, str]:
    """Return where a file is (section 3.4): below the repository, or by an absolute IRI."""
    file = verdict.located(place.file)
    if verdict.base is None:
        return {"uri": _uri(file)}
    if file.startswith("/"):
        return {"uri": f"file://{_uri(file)}"}
    return {"uri": _uri(file), "uriBaseId": _ROOT}


def _uri(file: str) -> str:
    # Of its bytes, which need not be UTF-8.
    return quote(os.fsencode(file))


def _text(verdict: Verdict, problem: Problem) -> str:
    message, remedy = verdict.message(problem), verdict.remedy(problem)
    return f"{message}\n{remedy}" if remedy else message


def _line(verdict: Verdict, problem: Problem) -> str:
    return f"{problem.place}: {problem.severity}: {_text(verdict, problem)}"


def junit(verdict: Verdict) -> Iterator[str]:
    """Yield the report as JUnit's XML: each file is a test case, which what refuses it fails.

    All else, warnings mostly, stands in the suite's system-out. It is valid by the schema of Ant's
    reports and by that of Jenkins's xUnit plugin, which refuses any other.
    """
    by_file: dict[str, list[Problem]] = defaultdict(list)
    for problem in verdict.told:
        by_file[problem.place.file].append(problem)
    files = sorted({*verdict.files, *by_file})
    failed = {each.place.file for each in verdict.told if each.severity in verdict.refusing}
    counts = {"tests": str(len(files)), "failures": str(len(failed)), "errors": "0"}
    suites = ElementTree.Element("testsuites")
    # The schema asks for durations, but files are validated together: none has one of its own.
    suite = ElementTree.SubElement(
        suites,
        "testsuite",
        {"id": "0", "package": "kgpub", "name": "kgpub validate", **counts},
        timestamp=verdict.reached.strftime("%Y-%m-%dT%H:%M:%S"),
        hostname="localhost",
        time="0",
    )
    properties = ElementTree.SubElement(suite, "properties")
    for name, value in (("version", __version__), ("language", verdict.language)):
        ElementTree.SubElement(properties, "property", name=name, value=value)
    for file in files:
        case = ElementTree.SubElement(
            suite, "testcase", name=_xml(file), classname="kgpub.validate", time="0"
        )
        failures = [each for each in by_file[file] if each.severity in verdict.refusing]
        if failures:
            message = (
                verdict.message(failures[0])
                if len(failures) == 1
                else said(_counts(failures), verdict.language)
            )
            failure = ElementTree.SubElement(
                case, "failure", message=_xml(message), type=_xml(failures[0].code)
            )
            failure.text = _xml("\n".join(_line(verdict, each) for each in failures))
    rest = [each for each in verdict.told if each.severity not in verdict.refusing]
    ElementTree.SubElement(suite, "system-out").text = _xml(
        "\n".join(_line(verdict, each) for each in rest)
    )
    ElementTree.SubElement(suite, "system-err")
    ElementTree.indent(suites)
    yield '<?xml version="1.0" encoding="UTF-8"?>\n'
    yield ElementTree.tostring(suites, encoding="unicode") + "\n"


def _counts(problems: Iterable[Problem]) -> Message:
    counts = Counter(problem.severity for problem in problems)
    return counted(counts, [name for name in _LEVELS if counts[name]])


def _xml(text: str) -> str:
    return _NOT_XML.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def github(verdict: Verdict) -> Iterator[str]:
    """Yield a workflow command a problem, which GitHub shows beside the line of a pull request.

    It looks for files below GITHUB_WORKSPACE. Where no command tells of an error and the data are
    refused all the same, one without a place says so.
    """
    for problem in verdict.told:
        place, excerpt = problem.place, verdict.excerpt(problem)
        properties: dict[str, str | int] = {
            "file": verdict.located(place.file),
            "line": place.line,
            "col": place.column,
        }
        if excerpt is not None:
            properties["endColumn"] = place.column + len(excerpt.part)
        properties["title"] = f"kgpub {problem.code}"
        told = ",".join(f"{name}={_property(str(value))}" for name, value in properties.items())
        text = _text(verdict, problem)
        shown = f"{place}: {text}" if place.sheet else text  # of a workbook no line is shown
        yield f"::{_COMMANDS[problem.severity]} {told}::{_command(shown)}\n"
    if not verdict.accepted and not verdict.counts["error"]:
        yield f"::error title=kgpub::{_command(summary(verdict))}\n"


def _command(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _command(text).replace(":", "%3A").replace(",", "%2C")
