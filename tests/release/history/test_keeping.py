"""The folder of changes is brought up to date whole or not at all, by hand or with a release."""

from __future__ import annotations

import json
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import feedparser
import pytest
from tests.conftest import BASE, Run, create_example
from tests.release.history.client import parsed
from tests.release.history.releases import PLACE, SETTINGS, content, kept, put

from kgpub.errors import CallError, OutputError
from kgpub.release.asked import Asked
from kgpub.release.folder import Releases
from kgpub.release.history.folder import remembered
from kgpub.release.history.keeping import keep

_KEEP = """
import sys
from pathlib import Path
from tests.release.history.releases import kept
print("ready", flush=True)
kept(Path(sys.argv[1]), fresh=sys.argv[2] == "fresh")
"""


def lines(number: int, size: int = 40) -> list[str]:
    return [f'<{BASE}fact/{n}> <{BASE}p> "{n // number}" <{BASE}g>' for n in range(number, size)]


@pytest.fixture
def three(tmp_path: Path) -> Path:
    """Three releases that nothing tells of yet."""
    for number in (1, 2, 3):
        put(tmp_path, str(number), lines(number))
    return tmp_path


def require_whole(changes: Path) -> int:
    """Require that all that the stream leads to is there and RDF; return how many nodes it has."""
    number, frontier = 0, [changes / "stream.trig"]
    while frontier:
        path = frontier.pop()
        quads = parsed(path.read_bytes(), "trig", path.as_uri())
        nodes = {str(o) for _, p, o, _ in quads if str(p) == "https://w3id.org/tree#node"}
        frontier += [Path(node.removeprefix("file://")) for node in nodes]
        number += 1
    return number


def test_what_a_killed_run_leaves_is_whole_and_mended(three: Path, tmp_path: Path) -> None:
    whole = tmp_path / "whole"
    for each in (1, 2, 3):
        shutil.copytree(three / str(each), whole / str(each))
    kept(whole)
    expected = content(whole / "changes")
    moments = random.Random(11)
    for mode in ["", "fresh"] * 4:
        if not mode:
            shutil.rmtree(three / "changes", ignore_errors=True)
        process = subprocess.Popen(
            [sys.executable, "-c", _KEEP, str(three), mode], stdout=subprocess.PIPE
        )
        assert process.stdout is not None and process.stdout.readline() == b"ready\n"
        time.sleep(moments.uniform(0, 0.8))
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()
        if mode or (three / "changes/stream.trig").exists():
            require_whole(three / "changes")
        kept(three)
        assert content(three / "changes") == expected
        assert require_whole(three / "changes") == 4
        assert not list((three / "changes").glob(".*"))


def test_a_folder_that_was_about_to_be_replaced_comes_back(three: Path) -> None:
    kept(three)
    expected = content(three / "changes")
    (three / "changes/2").rename(three / "changes/.kgpub-old-2")
    assert kept(three).written == 0
    assert content(three / "changes") == expected


@pytest.mark.skipif(sys.platform == "win32", reason="no limits of resources")
@pytest.mark.parametrize(("limit", "remedy"), [(60_000, "TMPDIR"), (250_000, "changelog")])
def test_where_there_is_no_room_all_stays_as_it_was(three: Path, limit: int, remedy: str) -> None:
    kept(three)
    before = content(three / "changes")
    put(three, "4", [f'<{BASE}{n}> <{BASE}p> "{"x" * 1000}"' for n in range(200)])

    def small() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    done = subprocess.run(
        [sys.executable, "-c", _KEEP, str(three), ""],
        preexec_fn=small,
        capture_output=True,
        text=True,
        check=False,
    )
    *_, told, mended = done.stderr.splitlines()
    assert "cannot be written: File too large" in told
    assert remedy in mended
    assert content(three / "changes") == before
    assert kept(three).written == 1


def test_releases_that_are_gone_stay_told_of(three: Path) -> None:
    kept(three)
    before = content(three / "changes")
    shutil.rmtree(three / "1")
    shutil.rmtree(three / "2")
    put(three, "4", lines(4))
    assert (kept(three).steps, kept(three).written) == (4, 0)
    now = content(three / "changes")
    assert {name: its for name, its in now.items() if name[0] in "123"} == {
        name: its for name, its in before.items() if name[0] in "123"
    }
    assert kept(three, fresh=True).written == 1
    assert content(three / "changes") == now


def test_after_a_missing_release_nothing_is_told(three: Path) -> None:
    kept(three)
    shutil.rmtree(three / "3")
    put(three, "4", lines(4))
    with pytest.raises(OutputError, match="release 3 is missing") as told:
        kept(three)
    assert "begin anew" in told.value.remedy


def test_a_stream_may_begin_with_a_later_release(three: Path) -> None:
    shutil.rmtree(three / "1")
    kept(three)
    step = json.loads((three / "changes/2/step.json").read_text())
    assert (step["previous"], step["quads"]) == ("", {"removed": 0, "added": 38})
    put(three, "1", lines(1))
    assert kept(three).written == 0, "what is put before it later is not told"


@pytest.mark.parametrize("broken", ["dataset.nq", "release.json"])
def test_a_release_that_is_not_as_it_was_made_is_refused(three: Path, broken: str) -> None:
    kept(three)
    before = content(three / "changes")
    if broken == "dataset.nq":
        put(three, "4", lines(4))
        (three / "4/dataset.nq").write_text(f'<{BASE}a> <{BASE}p> "other" .\n')
        message = "release 4: its dataset is not as it was made"
    else:
        record = json.loads((three / "2/release.json").read_text())
        (three / "2/release.json").write_text(json.dumps({**record, "hash": "0" * 64}))
        message = "is of another release 2"
    with pytest.raises(OutputError, match=message):
        kept(three)
    assert content(three / "changes") == before


@pytest.mark.parametrize(
    "damage", ["{", "[]", '{"format": 2}', '{"format": 1}', "null", "[" * 9999]
)
def test_a_damaged_step_is_told_and_can_be_made_again(three: Path, damage: str) -> None:
    kept(three)
    before = content(three / "changes")
    (three / "changes/2/step.json").write_text(damage)
    with pytest.raises(OutputError, match=r"step\.json: is not as kgpub writes it"):
        kept(three)
    kept(three, fresh=True)
    assert content(three / "changes") == before
    shutil.rmtree(three / "changes/2")
    with pytest.raises(OutputError, match="does not follow"):
        kept(three)
    kept(three, fresh=True)
    assert content(three / "changes") == before


def test_a_step_at_the_end_of_the_calendar_is_damaged(three: Path) -> None:
    kept(three)
    path = three / "changes/2/step.json"
    step = json.loads(path.read_text())
    path.write_text(json.dumps({**step, "moment": "9999-12-31T23:59:59Z"}))
    with pytest.raises(OutputError, match=r"step\.json: is not as kgpub writes it"):
        kept(three)


@pytest.mark.parametrize("name", ["stream.tree.trig", "changes.rdfp", "index.ckb.html"])
def test_a_file_that_is_missing_is_told_and_made_again(three: Path, name: str) -> None:
    kept(three)
    before = content(three / "changes")
    (three / "changes/2" / name).unlink()
    with pytest.raises(OutputError, match=f"{name}: is missing") as told:
        kept(three)
    assert told.value.remedy == "Run: kgpub changelog --fresh"
    kept(three, fresh=True)
    assert content(three / "changes") == before


@pytest.mark.parametrize("version", ["2", "98"])
def test_what_cannot_be_made_again_has_another_remedy(three: Path, version: str) -> None:
    kept(three)
    shutil.rmtree(three / version, ignore_errors=True)
    (three / "changes" / version).mkdir(exist_ok=True)
    (three / "changes" / version / "step.json").unlink(missing_ok=True)
    with pytest.raises(OutputError, match=f"{version}/step.json: is not as") as told:
        kept(three, fresh=True)
    assert told.value.remedy.startswith(f"Bring release {version} back")


def test_a_step_does_not_stay_where_the_release_before_is_another(three: Path) -> None:
    kept(three)
    shutil.rmtree(three / "3")
    shutil.rmtree(three / "2")
    put(three, "2", lines(9))
    with pytest.raises(OutputError, match="is of another release 2"):
        kept(three)
    with pytest.raises(OutputError, match="changes/3: does not follow") as told:
        kept(three, fresh=True)
    assert told.value.remedy == "Bring release 3 back."
    put(three, "3", lines(3))
    assert kept(three, fresh=True).written == 3


def test_a_step_after_another_dataset_is_told(three: Path) -> None:
    """As when one was made again by itself, and the run was killed before the next was."""
    kept(three)
    path = three / "changes/2/step.json"
    step = json.loads(path.read_text())
    record = json.loads((put(three, "2.1", lines(7)) / "release.json").read_text())
    shutil.rmtree(three / "2.1")
    shutil.rmtree(three / "2")
    path.write_text(json.dumps({**step, "hash": record["hash"]}))
    with pytest.raises(OutputError, match="changes/3: does not follow changes/2"):
        kept(three)


def test_what_kgpub_did_not_make_is_left_alone(three: Path) -> None:
    theirs = three / "changes/mine.txt"
    theirs.parent.mkdir()
    theirs.write_text("mine")
    with pytest.raises(OutputError, match="did not make it"):
        kept(three)
    assert content(theirs.parent) == {"mine.txt": b"mine"}
    shutil.rmtree(theirs.parent)
    (three / "elsewhere").mkdir()
    theirs.parent.symlink_to(three / "elsewhere")
    with pytest.raises(OutputError, match="no folder of kgpub's"):
        kept(three)
    assert not list((three / "elsewhere").iterdir())


def test_without_a_release_there_is_nothing_to_tell(tmp_path: Path) -> None:
    with pytest.raises(CallError, match="holds no release"):
        kept(tmp_path / "none")
    assert not list(tmp_path.iterdir())


def test_a_file_that_stays_the_same_is_not_written_again(three: Path) -> None:
    kept(three)
    times = {path: path.stat().st_mtime_ns for path in (three / "changes").rglob("*")}
    for path in times:
        os.utime(path, ns=(1, 1))
    kept(three)
    files = [path for path in times if path.is_file()]
    assert {path.stat().st_mtime_ns for path in files} == {1}


def test_the_same_bytes_in_other_surroundings(three: Path, tmp_path: Path) -> None:
    made = []
    for seed, zone, locale in (("1", "Asia/Baghdad", "C.UTF-8"), ("77", "America/New_York", "C")):
        shutil.rmtree(three / "changes", ignore_errors=True)
        around = {"PYTHONHASHSEED": seed, "TZ": zone, "LC_ALL": locale, "PYTHONUTF8": "0"}
        subprocess.run(
            [sys.executable, "-c", _KEEP, str(three), ""],
            check=True,
            env={**os.environ, **around},
            stdout=subprocess.DEVNULL,
        )
        made.append(content(three / "changes"))
    assert made[0] == made[1]


def test_addresses_are_those_asked_for(three: Path) -> None:
    keep(Releases(three), SETTINGS, Asked(place="https://dumps.example/all/"))
    feed = (three / "changes/feed.en.atom").read_text()
    assert "https://dumps.example/all/changes/feed.en.atom" in feed
    assert PLACE not in feed


def test_a_feed_stays_the_same_to_readers_where_the_base_becomes_another(three: Path) -> None:
    kept(three)
    feed = (three / "changes/feed.en.atom").read_bytes()
    other = SETTINGS.model_copy(update={"base": "https://example.org/new/"})
    keep(Releases(three), other, Asked(place=PLACE))
    assert (three / "changes/feed.en.atom").read_bytes() == feed


def own_address(feed: Path) -> str:
    links = feedparser.parse(feed.read_bytes()).feed.links
    return str(next(each.href for each in links if each.rel == "self"))


def test_an_address_that_was_given_once_is_kept(built: Path, kgpub: Run) -> None:
    feed = built / "releases/changes/feed.ar.atom"

    def told(*arguments: str, **environment: str) -> str:
        done = kgpub(*arguments, cwd=built, **environment)
        assert done.returncode == 0, done.stderr
        return own_address(feed)

    default = f"{BASE}release/changes/feed.ar.atom"
    assert told("release") == default
    given = "https://host.example/dumps/changes/feed.ar.atom"
    assert told("changelog", "--at", "https://host.example/dumps") == given
    assert told("release", "--force") == given
    catalogue = (built / "releases/2/catalogue.ttl").read_text(encoding="utf-8")
    assert "<https://host.example/dumps/2/dataset.nq>" in catalogue
    assert told("changelog", "--fresh") == given
    settings = built / "kgpub.toml"
    plain = settings.read_text(encoding="utf-8")
    settings.write_text(f'{plain}[release]\nat = "https://set.example/"\n', encoding="utf-8")
    # What the settings say counts, and what was given before is then forgotten.
    assert told("changelog") == "https://set.example/changes/feed.ar.atom"
    settings.write_text(plain, encoding="utf-8")
    assert told("changelog") == default
    assert told("changelog", KGPUB_RELEASES_URL="https://host.example/dumps/") == given
    assert told("changelog", "--at", f"{BASE}release") == default
    assert told("changelog") == default


@pytest.mark.parametrize("at", ["nowhere", 7, None, ["https://host.example/"]])
def test_an_address_that_was_damaged_is_not_taken(three: Path, at: object) -> None:
    kept(three)
    path = three / "changes/changes.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "at": at}))
    asked = Asked().completed(SETTINGS.release, three, remembered(three))
    assert asked.place_below(BASE) == f"{BASE}release/"


def test_bytes_that_have_changed_are_found_by_the_checksums(three: Path, kgpub: Run) -> None:
    root = create_example(three / "workspace")
    kept(three)

    def checked() -> subprocess.CompletedProcess[str]:
        return kgpub("changelog", "--check", "--releases", str(three), cwd=root)

    for version in "123":
        call = ["sha256sum", "--check", "--strict", "--quiet", "SHA256SUMS"]
        subprocess.run(call, cwd=three / "changes" / version, check=True)
    done = checked()
    assert (done.returncode, done.stdout) == (0, "changes: 3 releases, all as written\n")
    before = content(three / "changes")
    for name in ("2/stream.tree.trig", "2/step.json", "3/index.ar.html", "1/SHA256SUMS"):
        path = three / "changes" / name
        path.write_bytes(path.read_bytes().replace(b"0", b"1", 1))
        done = checked()
        assert done.returncode == 2 and "as " in done.stderr, done.stderr
        assert str(path.parent) in done.stderr and "kgpub changelog --fresh" in done.stderr
        kept(three, fresh=True)
        assert content(three / "changes") == before
    (three / "changes/3/more.txt").write_text("more")
    assert "more.txt: is not as it was written" in checked().stderr
    (three / "changes/3/more.txt").unlink()
    (three / "changes/3/index.ar.html").unlink()
    assert "index.ar.html: is missing" in checked().stderr


def test_release_and_changelog_from_the_command_line(built: Path, kgpub: Run) -> None:
    done = kgpub("release", "--no-changelog", "--date", "2026-11-24", cwd=built)
    assert done.returncode == 0, done.stderr
    assert not (built / "releases/changes").exists()
    facts = built / "articles/example/facts.yaml"
    text = facts.read_text(encoding="utf-8").replace("start: 2019", "start: 2018")
    facts.write_text(text, encoding="utf-8")
    done = kgpub("release", "--at", "https://example.org/dumps", cwd=built)
    assert done.returncode == 0, done.stderr
    assert "changes: 2 releases, 2 compared now" in done.stdout
    before = content(built / "releases/changes")
    done = kgpub("changelog", "--at", "https://example.org/dumps", cwd=built)
    assert (done.returncode, done.stderr) == (0, "")
    assert "changes: 2 releases, up to date" in done.stdout
    done = kgpub("changelog", "--fresh", cwd=built, KGPUB_RELEASES_URL="https://example.org/dumps")
    assert "2 compared now" in done.stdout
    assert content(built / "releases/changes") == before
    assert not list((built / "releases").glob(".kgpub-new*"))
    done = kgpub("changelog", "--at", "nowhere", cwd=built)
    assert done.returncode == 2
    assert "--at: nowhere" in done.stderr
    done = kgpub("changelog", "--releases", "none", cwd=built)
    assert done.returncode == 2
    assert "holds no release" in done.stderr
