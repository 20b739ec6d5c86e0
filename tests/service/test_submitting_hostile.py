"""Submissions that are meant to harm: what they cost is bounded, and others are served still."""

from __future__ import annotations

import gzip
import json
import os
import signal
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import pytest
from tests.service.processes import children, command
from tests.service.served import Got, make_workspace
from tests.service.submitting_served import FACTS, FEW, Place, place, problem
from tests.service.whole_served import eventually

HEAD = "article: example\n"
MANY = f"{HEAD}people:\n" + "".join(f"  k{n}: {{name: {{en: a}}}}\n" for n in range(30_000))
"""Takes minutes to be validated."""
LARGE = replace(FEW, body=16 * 2**20)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    with place(make_workspace(tmp_path_factory.mktemp("hostile") / "w"), LARGE) as found:
        yield found
        assert found.validate(FACTS).json["accepted"]


def codes(got: Got) -> set[str]:
    assert got.status == 200, got.body
    assert not got.json["accepted"]
    return {each["code"] for each in got.json["problems"]}


@pytest.mark.parametrize(
    "tag", ["!!python/object/apply:os.system ['id']", "!!python/name:os.system", "!x", "!<x> y"]
)
def test_yaml_tags_make_nothing(served: Place, tag: str) -> None:
    assert codes(served.validate(f"{HEAD}contributor: {tag}\n")) & {"no-tags", "yaml-syntax"}


def test_aliases_stand_for_nothing(served: Place) -> None:
    bomb = "".join(
        f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9 if n else ['x'] * 9)}]\n" for n in range(30)
    )
    assert "no-anchors" in codes(served.validate(HEAD + bomb)) or "no-aliases" in codes(
        served.validate(HEAD + bomb)
    )


def test_what_unpacks_to_too_much_is_not_unpacked(served: Place) -> None:
    bomb = gzip.compress(bytes(200 * 2**20))
    assert len(bomb) < 2**18
    problem(served.validate(bomb, content_encoding="gzip"), 413)
    twice = gzip.compress(bomb)
    got = served.validate(twice, content_encoding="gzip, gzip")
    problem(got, 415)


@pytest.mark.parametrize("media_type", ["application/json", "application/ld+json", "text/yaml"])
def test_ten_megabytes_inside_each_other_are_refused(served: Place, media_type: str) -> None:
    deep = b"[" * (5 * 2**20) + b"]" * (5 * 2**20)
    assert codes(served.validate(deep, content_type=media_type)) <= {"too-deep", "yaml-syntax"}


def test_a_hundred_thousand_keys_are_told_in_part(served: Place) -> None:
    keys = {"article": "example", **{f"key-{n}": n for n in range(100_000)}}
    got = served.validate(json.dumps(keys), content_type="application/json")
    if got.status != 503:  # which takes some seconds of a slow machine
        assert "unknown-key" in codes(got)
        assert len(got.json["problems"]) <= 1_002


def test_a_body_that_is_too_long_is_refused_by_its_length(served: Place) -> None:
    problem(served.validate(b"x" * (16 * 2**20 + 1)), 413)


@pytest.mark.parametrize(
    "slug", ["../../etc", "..", "/etc/passwd", "example/../example", "C:\\x", "a\0b", "id", "ﺍ"]
)
def test_slugs_lead_nowhere(served: Place, slug: str) -> None:
    body = json.dumps({"article": slug, "statements": []})
    told = served.validate(body, content_type="application/json")
    assert codes(told) & {"article-unknown", "null-character", "slug-reserved"}
    assert b"root:" not in told.body
    text = {"facts": body, "text": "نص", "metadata": "language: ar\n"}
    parts = "".join(
        f'--b\r\nContent-Disposition: form-data; name="{name}"; filename="x.json"\r\n\r\n{part}\r\n'
        for name, part in text.items()
    )
    got = served.submit(f"{parts}--b--\r\n", content_type="multipart/form-data; boundary=b")
    assert got.status == 422
    assert not list(served.workspace.root.parent.glob("etc*"))


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../../etc/passwd", "passwd.yaml"),
        ("C:\\Users\\me\\my facts.yml", "my_facts.yml"),
        ("<script>alert(1)</script>.yaml", "script_.yaml"),
        ("\u202egnp.yaml", "gnp.yaml"),
        ("a\r\nSet-Cookie: x.yaml", "a__Set-Cookie_x.yaml"),
        ("..", "facts.yaml"),
        ("ح" * 500, "ح" * 95 + ".yaml"),
    ],
)
def test_names_of_files_are_shown_without_what_harms(served: Place, name: str, shown: str) -> None:
    got = served.validate(f"{HEAD}x: 1\n", f"?name={quote(name)}")
    (file,) = got.json["files"]
    assert {each["file"] for each in got.json["problems"]} == {file}
    assert "<" not in file and "/" not in file and file.isprintable()
    assert file.endswith((".yaml", ".yml")) and len(file) <= 105
    if "ح" not in name:
        assert file == shown


def test_markup_in_a_submission_is_text(served: Place) -> None:
    evil = "<img src=x onerror=alert(1)>"
    got = served.validate(f"{HEAD}'{evil}': '</pre><script>x</script>'\n", "?format=html")
    assert b"<script" not in got.body and b"<img" not in got.body


def test_a_check_that_takes_too_long_is_ended_and_others_are_not(tmp_path: Path) -> None:
    limits = replace(FEW, seconds=5.0)
    with place(make_workspace(tmp_path / "w"), limits) as found:
        eventually(lambda: found.validate(FACTS).status == 200)
        before = found.taking.checks.processes
        got = found.validate(MANY)
        problem(got, 503)
        assert got.headers["retry-after"]
        eventually(lambda: len(found.taking.checks.processes) == 1)
        eventually(lambda: found.taking.checks.processes.isdisjoint(before))
        eventually(lambda: found.validate(FACTS).status == 200)
        for pid in before:
            assert b"submitting.worker" not in command(pid)


def test_a_check_that_needs_too_much_memory_is_ended(tmp_path: Path) -> None:
    limits = replace(FEW, memory=2**20)
    with place(make_workspace(tmp_path / "w"), limits) as found:
        got = found.validate(MANY[: 2**20].rpartition("\n")[0])
        problem(got, 503)
        assert "more than it may have" in json.loads(got.body)["detail"]


def test_a_process_that_is_killed_is_replaced(served: Place) -> None:
    assert served.validate(FACTS).status == 200
    (pid,) = served.taking.checks.processes
    got: list[Got] = []
    asking = threading.Thread(target=lambda: got.append(served.validate(MANY[:400_000])))
    asking.start()
    eventually(lambda: not served.taking.checks.is_idle)
    os.kill(pid, signal.SIGKILL)
    asking.join(60)
    problem(got[0], 503)
    eventually(lambda: served.taking.checks.processes not in (frozenset(), {pid}))
    assert served.validate(FACTS).status == 200


def test_more_than_may_wait_are_told_to_come_again(tmp_path: Path) -> None:
    limits = replace(FEW, waiting=1, seconds=3.0)
    with place(make_workspace(tmp_path / "w"), limits) as found:
        got: list[Got] = []
        many = [threading.Thread(target=lambda: got.append(found.validate(MANY))) for _ in range(4)]
        for each in many:
            each.start()
        for each in many:
            each.join(60)
        assert [each.status for each in got] == [503] * 4
        told = {json.loads(each.body)["detail"] for each in got}
        assert "too many submissions at once" in told


def test_all_processes_end_with_the_server(tmp_path: Path) -> None:
    with place(make_workspace(tmp_path / "w")) as found:
        assert found.validate(FACTS).status == 200
        pids = found.taking.checks.processes
        assert pids <= children("self")
    assert not pids & children("self")


def test_a_process_that_checks_has_no_network_of_its_own(served: Place) -> None:
    (pid,) = served.taking.checks.processes
    theirs, ours = (Path(f"/proc/{each}/ns/net").readlink() for each in (pid, "self"))
    assert theirs != ours or os.geteuid() != 0  # where the system does not allow it
