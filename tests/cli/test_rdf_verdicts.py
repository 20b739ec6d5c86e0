"""Every form of a report on RDF files says whether they conform, as pySHACL does."""

from __future__ import annotations

import io
import itertools
import json
import os
import threading
from pathlib import Path

import pytest
from junitparser import JUnitXml
from pyoxigraph import RdfFormat, serialize
from pyshacl import validate
from rdflib import SH, Graph, Literal
from tests.conftest import Run

from kgpub.cli.rdf_files import RdfCall, RdfForm
from kgpub.reporting import FORMS, Verdict
from kgpub.reporting.terminal import MAX_TOLD, report_text
from kgpub.validation import report_graph

PREFIXES = "@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix e: <urn:e:> .\n"
SHAPES = f"""{PREFIXES}
e:S a sh:NodeShape ; sh:targetClass e:P ; sh:property e:id , e:name , e:note .
e:id sh:path e:id ; sh:minCount 1 .
e:name sh:path e:name ; sh:minCount 1 ; sh:severity sh:Warning .
e:note sh:path e:note ; sh:minCount 1 ; sh:severity sh:Info .
"""
VALUES = ("e:id 1", "e:name 1", "e:note 1")
DATA = [
    f"{PREFIXES} e:a a e:P ; {' ; '.join(kept)} ."
    for number in range(4)
    for kept in itertools.combinations(VALUES, number)
    if kept
]


def of(form: str, verdict: Verdict) -> str:
    return "".join(FORMS[form](verdict))


@pytest.mark.parametrize("infos", [False, True])
@pytest.mark.parametrize("allow_warnings", [False, True])
@pytest.mark.parametrize("data", DATA)
def test_all_forms_say_what_pyshacl_says(
    tmp_path: Path, data: str, allow_warnings: bool, infos: bool
) -> None:
    graphs = [Graph().parse(data=text) for text in (data, SHAPES)]
    accepted, theirs, _ = validate(
        graphs[0], shacl_graph=graphs[1], allow_warnings=allow_warnings, allow_infos=infos
    )
    (tmp_path / "d.ttl").write_text(data, encoding="utf-8")
    (tmp_path / "s.ttl").write_text(SHAPES, encoding="utf-8")
    call = RdfCall(
        [tmp_path / "d.ttl"],
        [tmp_path / "s.ttl"],
        allow_warnings=allow_warnings,
        allow_infos=infos,
    )
    verdict, report = call.verdict("en", lambda _: None)

    assert json.loads(of("json", verdict))["accepted"] is accepted
    (run,) = json.loads(of("sarif", verdict))["runs"]
    assert run["properties"] == {"accepted": accepted}
    assert ("::error " in of("github", verdict)) is not accepted
    (suite,) = JUnitXml.fromstring(of("junit", verdict).encode())
    assert (suite.failures == 0) is accepted
    ours = Graph().parse(data=serialize(report_graph(report, "urn:x:"), format=RdfFormat.TURTLE))
    assert set(ours.objects(None, SH.conforms)) == set(theirs.objects(None, SH.conforms))
    assert set(ours.objects(None, SH.conforms)) == {Literal(accepted)}


def test_what_is_allowed_stands_beside_the_failures(tmp_path: Path) -> None:
    (tmp_path / "d.ttl").write_text(f"{PREFIXES} e:a a e:P . e:b a e:P .", encoding="utf-8")
    (tmp_path / "s.ttl").write_text(SHAPES, encoding="utf-8")
    call = RdfCall([tmp_path / "d.ttl"], [tmp_path / "s.ttl"], allow_infos=True)
    report = of("junit", call.verdict("en", lambda _: None)[0])
    (suite,) = JUnitXml.fromstring(report.encode())
    (case,) = suite
    (failure,) = case.result
    assert failure.message == "2 errors, 2 warnings"
    assert [failure.text.count(each) for each in (": error:", ": warning:", ": info:")] == [2, 2, 0]
    assert report.partition("<system-out>")[2].count(": info:") == 2


def test_the_reports_of_a_strict_and_a_lenient_call_are_two(tmp_path: Path, kgpub: Run) -> None:
    """Together they would say both that the data conform and that they do not."""
    (tmp_path / "d.ttl").write_text(f"{PREFIXES} e:a a e:P ; e:id 1 .", encoding="utf-8")
    (tmp_path / "s.ttl").write_text(SHAPES, encoding="utf-8")
    call = ("validate", "d.ttl", "-s", "s.ttl", "-f", "ttl")
    strict, lenient = kgpub(*call, cwd=tmp_path), kgpub(*call, "--allow-warnings", cwd=tmp_path)
    assert (strict.returncode, lenient.returncode) == (1, 0)
    both = Graph().parse(data=strict.stdout).parse(data=lenient.stdout)
    for report in both.subjects(SH.conforms):
        assert len(set(both.objects(report, SH.conforms))) == 1
    assert set(both.objects(None, SH.conforms)) == {Literal(True), Literal(False)}


def test_a_severity_of_the_shapes_own_is_told_as_an_error(tmp_path: Path) -> None:
    """There are more results than a terminal shows, so that they are sorted by severity too."""
    data = "".join(f"e:a{number} a e:P .\n" for number in range(MAX_TOLD))
    (tmp_path / "d.ttl").write_text(PREFIXES + data, encoding="utf-8")
    (tmp_path / "s.ttl").write_text(f"{SHAPES} e:id sh:severity e:Odd .", encoding="utf-8")
    call = RdfCall([tmp_path / "d.ttl"], [tmp_path / "s.ttl"], allow_warnings=True)
    verdict, _ = call.verdict("en", lambda _: None)
    assert not verdict.accepted
    told = report_text(verdict).plain
    assert told.count(": error: ") == MAX_TOLD
    assert ": warning: " not in told
    assert ": info: " not in told


@pytest.mark.parametrize("name", ["pipe", "-"])
@pytest.mark.parametrize(("limit", "is_shown"), [(1000, True), (10, False)])
def test_what_is_too_long_to_keep_of_a_pipe_is_not_opened_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, limit: int, is_shown: bool
) -> None:
    """To open it anew would be to wait for more of it, or to show a file of the same name."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("kgpub.cli.rdf_files.MAX_SHOWN_BYTES", limit)
    data = f"{PREFIXES}\ne:a a e:P .\n".encode()
    Path("s.ttl").write_text(SHAPES, encoding="utf-8")
    Path("<stdin>").write_text("of another file\n" * 9, encoding="utf-8")
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(data)))
    os.mkfifo("pipe")
    if name == "pipe":
        threading.Thread(target=lambda: Path(name).write_bytes(data)).start()
    call = RdfCall([Path(name)], [Path("s.ttl")], data_form=RdfForm.turtle)
    told = report_text(call.verdict("en", lambda _: None)[0]).plain
    assert ":3:" in told
    assert ("│ e:a a e:P ." in told) is is_shown
    assert "of another file" not in told
