"""What a store, or the way to it, will not have; and what is no release."""

from __future__ import annotations

import base64
import hashlib
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.cli.processes import finished
from tests.conftest import create_example
from tests.release.loading.releases import TERMS, E, load, people, write
from tests.release.loading.stores import (
    Asked,
    Fault,
    Running,
    environment,
    free_port,
    on_the_way,
)

from kgpub.errors import CallError, DataError, StoreError
from kgpub.release.loading.dump import Dump
from kgpub.release.loading.publishing import Terms
from kgpub.release.loading.staging import Bounds
from kgpub.store.credentials import Credentials, Scheme
from kgpub.store.endpoint import Endpoint, Rejected
from kgpub.store.remote import RemoteStore

SECRET = "o'Neill:\u0643\u0644\u0645\u0629 s3cret"
TOKEN = "abc.def-123~secret=="
BASIC = "Basic " + base64.b64encode(f"me:{SECRET}".encode()).decode()
REALM = {"WWW-Authenticate": 'Basic realm="store"'}


def only_with(header: str) -> Callable[[Asked], Fault | None]:
    """Answer 401 to who does not show this, and say what was shown, as some servers do."""

    def faults(asked: Asked) -> Fault | None:
        shown = asked.headers.get("authorization", "")
        body = f"not allowed: {shown} {SECRET} {TOKEN}".encode()
        return None if shown == header else Fault(401, REALM, body)

    return faults


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    root = create_example(tmp_path / "workspace")
    write(root / "output", people("one", 5, "first"))
    return root


def publish(
    workspace: Path, to: str, *more: str, **variables: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "kgpub", "publish", "--to", to, "-w", str(workspace), *more],
        env=environment(**variables),
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )


def test_basic_from_the_environment(oxi: Running, workspace: Path) -> None:
    with (
        on_the_way(oxi.update, only_with(BASIC)) as (update, _),
        on_the_way(oxi.query, only_with(BASIC)) as (query, _),
    ):
        variables = {"KGPUB_STORE_USER": "me", "KGPUB_STORE_PASSWORD": SECRET}
        done = publish(workspace, update, "--ask", query, **variables)
        assert done.returncode == 0, done.stderr
        assert "1 graph, 15 quads (1 graph loaded, 0 dropped)" in done.stdout
        asked = subprocess.run(
            [
                *(sys.executable, "-m", "kgpub", "query", "--endpoint", query, "-f", "csv"),
                *("-w", str(workspace), "SELECT (COUNT(*) AS ?n) { ?s a <" + E + "Person> }"),
            ],
            env=environment(**variables),
            capture_output=True,
            encoding="utf-8",
            timeout=60,
            check=True,
        )
        assert asked.stdout.split() == ["n", "5"]
    assert oxi.graphs()[E + "one"] == 15


def test_bearer_from_a_file(oxi: Running, workspace: Path, tmp_path: Path) -> None:
    file = tmp_path / "store.toml"
    file.write_text(f'token = "{TOKEN}"\n')
    file.chmod(0o600)
    with (
        on_the_way(oxi.update, only_with(f"Bearer {TOKEN}")) as (update, _),
        on_the_way(oxi.query, only_with(f"Bearer {TOKEN}")) as (query, _),
    ):
        done = publish(workspace, update, "--ask", query, "--credentials", str(file))
    assert done.returncode == 0, done.stderr
    assert oxi.graphs()[E + "one"] == 15


@pytest.mark.parametrize(
    ("variables", "message"),
    [
        ({}, "lets in nobody without credentials"),
        (
            {"KGPUB_STORE_USER": "you", "KGPUB_STORE_PASSWORD": SECRET},
            "refuses the credentials, basic of the user you",
        ),
        ({"KGPUB_STORE_TOKEN": TOKEN}, "refuses the credentials, bearer of this token"),
    ],
)
def test_who_is_not_let_in(
    oxi: Running, workspace: Path, variables: dict[str, str], message: str
) -> None:
    with on_the_way(oxi.query, only_with(BASIC)) as (query, asked):
        done = publish(workspace, oxi.update, "--ask", query, **variables)
    assert done.returncode == 2
    assert message in done.stderr
    assert "Basic" in done.stderr
    assert len(asked) == 1, "it is of no use to try again"
    for secret in (SECRET, TOKEN, base64.b64encode(SECRET.encode()).decode()):
        assert secret not in done.stdout + done.stderr


def test_a_secret_that_a_server_repeats_is_not_told(oxi: Running, tmp_path: Path) -> None:
    def repeating(asked: Asked) -> Fault:
        return Fault(403, {}, f"{asked.headers['authorization']} is {SECRET}".encode())

    with on_the_way(oxi.update, repeating) as (update, _):
        endpoint = Endpoint(update, Credentials(Scheme.basic, SECRET, "me"))
        with pytest.raises(StoreError, match=r"to the user me: Basic \*\*\* is \*\*\*"):
            endpoint.update("CLEAR ALL")


def test_digest(virt: Running, workspace: Path) -> None:
    variables = {
        "KGPUB_STORE_USER": "dba",
        "KGPUB_STORE_PASSWORD": "dba",
        "KGPUB_STORE_SCHEME": "digest",
    }
    done = publish(workspace, virt.update, **variables)
    assert done.returncode == 0, done.stderr
    assert virt.graphs()[E + "one"] == 15
    wrong = publish(workspace, virt.update, **{**variables, "KGPUB_STORE_PASSWORD": "no"})
    assert wrong.returncode == 2
    assert "refuses the credentials, digest of the user dba" in wrong.stderr
    basic = publish(workspace, virt.update, **{**variables, "KGPUB_STORE_SCHEME": "basic"})
    assert basic.returncode == 2
    assert "refuses the credentials, basic of the user dba" in basic.stderr


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_credentials_do_not_follow_a_redirect(oxi: Running, status: int) -> None:
    known = Credentials(Scheme.bearer, TOKEN)
    with on_the_way(oxi.query, lambda asked: None) as (other, heard):
        moved = Fault(status, {"Location": other})
        with on_the_way(oxi.query, lambda asked: moved) as (query, _):
            with pytest.raises(StoreError, match=f"is redirected to {other}") as told:
                RemoteStore(query, credentials=known).query("ASK {}")
            with pytest.raises(StoreError, match=f"is redirected to {other}"):
                Endpoint(query, known).update("CLEAR ALL")
    assert "give that address" in told.value.remedy
    assert heard == []


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        (Fault(200, {"Content-Type": "text/html"}, b"<html>Log in"), "is not SPARQL results"),
        (Fault(404, {"Content-Type": "text/html"}, b"<html>"), "no service of this kind is there"),
        (Fault(206, {}, b'{"head":{"vars":[]},"results":{"bindings":[]}}'), "a part of the"),
        (Fault(418, {}, b"I am\x00\x1b[31m a teapot"), "with status 418: I am\ufffd\ufffd[31m a"),
        (Fault(403, {}, b"read only"), "lets in nobody without credentials"),
    ],
)
def test_an_answer_that_is_none(oxi: Running, tmp_path: Path, fault: Fault, message: str) -> None:
    folder = write(tmp_path, people("one", 5, "first"))
    with (
        on_the_way(oxi.query, lambda asked: fault) as (query, asked),
        pytest.raises(StoreError) as told,
    ):
        load(folder, oxi, query=query)
    assert message in str(told.value)
    assert len(asked) == 1


def test_updates_that_go_elsewhere(oxi: Running, tmp_path: Path) -> None:
    folder = write(tmp_path, people("one", 5, "first"))
    page = Fault(200, {"Content-Type": "text/html"}, b"<html>Welcome")
    with (
        on_the_way(oxi.update, lambda asked: page) as (update, _),
        pytest.raises(StoreError, match="a query does not see what it wrote"),
    ):
        load(folder, oxi, update=update)
    assert oxi.graphs() == {}


def test_a_server_that_is_not_there(workspace: Path) -> None:
    with pytest.raises(StoreError, match="cannot be reached"):
        Endpoint(f"http://127.0.0.1:{free_port()}/update").update("CLEAR ALL")
    with pytest.raises(StoreError, match="cannot be reached"):
        Endpoint("http://nowhere.invalid/update").update("CLEAR ALL")


@pytest.mark.parametrize(
    "address",
    ["", "store", "ftp://e/", "http://", "http://e:x/", "http://e/ x", "http://e/#x", "http://é/"],
)
def test_what_is_no_address(address: str) -> None:
    with pytest.raises(StoreError, match="is no address of an endpoint"):
        Endpoint(address)


def test_a_secret_in_the_address_is_refused_and_not_told(workspace: Path) -> None:
    done = publish(workspace, "https://me:s3cret@store.example.org/update")
    assert done.returncode == 2
    assert "names a user" in done.stderr
    assert "s3cret" not in done.stderr


def test_what_follows_the_question_mark_is_sent_and_not_told(oxi: Running) -> None:
    with on_the_way(oxi.update, lambda asked: Fault(404)) as (update, asked):
        with pytest.raises(StoreError) as told:
            Endpoint(f"{update}?access-token={TOKEN}").update("CLEAR ALL")
        assert asked[0].path == f"/update?access-token={TOKEN}"
    assert TOKEN not in str(told.value)
    elsewhere = Fault(301, {"Location": f"https://store.example.org/?access-token={TOKEN}"})
    with (
        on_the_way(oxi.update, lambda asked: elsewhere) as (update, _),
        pytest.raises(StoreError, match=r"redirected to https://store\.example\.org/\n") as told,
    ):
        Endpoint(f"{update}?access-token={TOKEN}").update("CLEAR ALL")
    assert TOKEN not in str(told.value)


@pytest.mark.parametrize(
    ("address", "scheme", "exposed"),
    [
        ("http://store.example.org/", Scheme.basic, True),
        ("http://store.example.org/", Scheme.bearer, True),
        ("http://store.example.org/", Scheme.digest, False),
        ("https://store.example.org/", Scheme.basic, False),
        ("http://127.0.0.1:8890/", Scheme.basic, False),
        ("http://[::1]:8890/", Scheme.basic, False),
        ("http://localhost/", Scheme.bearer, False),
        ("http://localhost.example.org/", Scheme.bearer, True),
    ],
)
def test_who_listens_can_read_some_secrets(address: str, scheme: Scheme, exposed: bool) -> None:
    assert Endpoint(address, Credentials(scheme, "s3cret", "me")).is_exposed is exposed
    assert Endpoint(address).is_exposed is False


def test_requests_are_made_smaller_where_they_are_too_large(oxi: Running, tmp_path: Path) -> None:
    def bounded(asked: Asked) -> Fault | None:
        return Fault(413, {}, b"too large") if len(asked.body) > 20_000 else None

    folder = write(tmp_path, people("one", 300, "first"))
    with on_the_way(oxi.update, bounded) as (update, asked):
        load(folder, oxi, Terms(Bounds(quads=1000)), update=update)
    assert oxi.graphs()[E + "one"] == 900
    # It learns: what was refused is not tried with each batch.
    refused = [each for each in asked if len(each.body) > 20_000]
    assert 0 < len(refused) < 10


def test_the_bytes_of_a_request_are_bounded(oxi: Running, tmp_path: Path) -> None:
    folder = write(tmp_path, people("one", 300, "first"))
    with on_the_way(oxi.update, lambda asked: None) as (update, asked):
        load(folder, oxi, Terms(Bounds(quads=1000, bytes=5_000)), update=update)
    assert oxi.graphs()[E + "one"] == 900
    # The names of the graphs and the mark come to it.
    assert max(len(each.body) for each in asked if each.staged) < 5_500


def test_a_triple_that_the_store_refuses_is_named(oxi: Running, tmp_path: Path) -> None:
    def picky(asked: Asked) -> Fault | None:
        return Fault(400, {}, b"bad IRI") if b"person/one/77%20" in asked.body else None

    folder = write(tmp_path, people("one", 100, "first"))
    with on_the_way(oxi.update, picky) as (update, _), pytest.raises(DataError) as told:
        load(folder, oxi, update=update)
    assert "for this triple alone: <https://example.org/data/person/one/77%20" in str(told.value)
    assert "bad IRI" in str(told.value)
    assert told.value.exit_code == 1


def test_virtuoso_s_own_bound(virt: Running, tmp_path: Path) -> None:
    with pytest.raises(Rejected, match="memory exhausted"):
        text = " ".join(f"<urn:s> <urn:p> 'a literal {n}'@en ." for n in range(10_000))
        Endpoint(virt.update, virt.credentials).update(
            f"INSERT DATA {{ GRAPH <{E}x> {{ {text} }} }}"
        )
    folder = write(tmp_path, people("one", 3_500, "first"))
    load(folder, virt, Terms(Bounds(quads=10_500, bytes=10**9)))
    assert virt.graphs()[E + "one"] == 10_500


@pytest.mark.parametrize(
    ("content", "message", "kind"),
    [
        (b"_:b <urn:p> <urn:o> <urn:g> .\n", "quad 1 has a blank node", DataError),
        (
            b"<urn:s> <urn:p> <urn:o> <urn:g> .\n<urn:s> <urn:p> _:b <urn:g> .\n",
            "quad 2 has a blank node",
            DataError,
        ),
        (b"<urn:s> <urn:p> <urn:o> .\n", "quad 1 is in no named graph", DataError),
        (b"<urn:s> <urn:p>\n", "is not N-Quads", DataError),
        (b"\xff\xfe", "is not N-Quads", DataError),
        (
            f"<urn:s> <urn:p> <urn:o> <{E}graph/loaded> .\n".encode(),
            "which only stores have",
            DataError,
        ),
        (b"", "holds nothing", DataError),
        (b"<urn:s> <urn:p> <urn:o> <urn:g> .\n", "has the graph urn:g, which is not", DataError),
        (None, "there is no dataset.nq", CallError),
    ],
)
def test_what_is_no_release(
    oxi: Running, tmp_path: Path, content: bytes | None, message: str, kind: type[CallError]
) -> None:
    if content is not None:
        (tmp_path / "dataset.nq").write_bytes(content)
    with pytest.raises(kind, match=message):
        load(tmp_path, oxi)
    assert oxi.graphs() == {}


def test_a_dump_that_is_not_as_its_checksum_says(oxi: Running, tmp_path: Path) -> None:
    folder = write(tmp_path, people("one", 5, "first"))
    done = subprocess.run(
        ["sha256sum", "dataset.nq"], cwd=folder, capture_output=True, check=True, timeout=10
    )
    (folder / "SHA256SUMS").write_bytes(done.stdout)
    load(folder, oxi, TERMS)
    write(folder, people("one", 6, "first"))
    with pytest.raises(CallError, match="is not what SHA256SUMS says it is"):
        load(folder, oxi, TERMS)
    (folder / "SHA256SUMS").write_bytes(done.stdout.replace(b" dataset", b"*dataset"))
    with pytest.raises(CallError, match="is not what SHA256SUMS says it is"):
        load(folder, oxi, TERMS)
    (folder / "SHA256SUMS").write_bytes(done.stdout.replace(b"dataset.nq", b"dataset.nq.gz"))
    with pytest.raises(CallError, match=r"SHA256SUMS: has no line for dataset\.nq"):
        load(folder, oxi, TERMS)


@pytest.mark.parametrize("name", [" dataset.nq", "*dataset.nq"])
def test_a_dump_that_is_as_its_checksum_says(tmp_path: Path, name: str) -> None:
    folder = write(tmp_path, people("one", 5, "first"))
    digest = hashlib.sha256((folder / "dataset.nq").read_bytes()).hexdigest()
    (folder / "SHA256SUMS").write_text(f"{digest.upper()} {name}\n")
    with Dump(folder) as dump:
        assert dump.summary().digest == digest


def test_triple_terms_inside_each_other_do_not_end_the_process(tmp_path: Path) -> None:
    (tmp_path / "dataset.nq").write_bytes(b"<<( <urn:a> <urn:b> " * 100_000)
    script = (
        "from pathlib import Path\n"
        "from kgpub.errors import DataError\n"
        "from kgpub.release.loading.dump import Dump\n"
        "try:\n"
        "    with Dump(Path()) as dump:\n"
        "        dump.summary()\n"
        "except DataError as error:\n"
        "    print(error.message)\n"
    )
    done = finished(sys.executable, "-c", script, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "dataset.nq: has triple terms, of RDF 1.2\n"
