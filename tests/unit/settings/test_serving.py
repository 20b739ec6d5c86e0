"""How a workspace is served: the table [serve], and the environment over it."""

from __future__ import annotations

from dataclasses import fields
from functools import reduce
from pathlib import Path

import pytest
from tests.conftest import REPOSITORY

from kgpub.errors import WorkspaceError
from kgpub.service.connections import ConnectionLimits
from kgpub.service.sparql.limits import QueryLimits
from kgpub.service.sparql.updates import UpdateLimits
from kgpub.service.submitting.limits import SubmissionLimits
from kgpub.settings import Serving, Settings, read_settings, serving, variables

REQUIRED = """base = "https://example.org/data/"
title = "T"
publisher = "P"
licence = "https://example.org/l"
"""


def settings(folder: Path, text: str) -> Settings:
    (folder / "kgpub.toml").write_text(REQUIRED + text, encoding="utf-8")
    return read_settings(folder)


def test_without_a_table_the_server_is_for_this_machine_alone(tmp_path: Path) -> None:
    serve = settings(tmp_path, "").serve
    assert (serve.host, serve.port, serve.updates, serve.federation) == (
        "127.0.0.1",
        8000,
        False,
        (),
    )
    assert serve.metrics == "local"


def test_every_setting_is_read(tmp_path: Path) -> None:
    serve = settings(
        tmp_path,
        """
[serve]
public_url = "https://data.example.org/"
host = "::"
port = 0
proxies = ["10.0.0.0/8", "2001:db8::1"]
federation = ["https://query.wikidata.org/sparql"]
updates = true
metrics = "token"
access_log = false
logged_addresses = "none"

[serve.queries]
seconds = 5
memory = 2_147_483_648
""",
    ).serve
    assert serve.public_url == "https://data.example.org"
    assert (serve.host, serve.port) == ("::", 0)
    assert serve.proxies == ("10.0.0.0/8", "2001:db8::1")
    assert serve.federation == ("https://query.wikidata.org/sparql",)
    assert (serve.updates, serve.metrics) == (True, "token")
    assert (serve.access_log, serve.logged_addresses) == (False, "none")
    assert (serve.queries.seconds, serve.queries.memory) == (5.0, 2 * 1024**3)
    assert serve.queries.slow is None


LIMITS = {
    "queries": QueryLimits(),
    "update_limits": UpdateLimits(),
    "submission_limits": SubmissionLimits(),
    "connections": ConnectionLimits(),
}


@pytest.mark.parametrize("table", LIMITS)
def test_the_limits_are_those_that_the_server_takes(tmp_path: Path, table: str) -> None:
    limits = LIMITS[table]
    names = [each.name for each in fields(limits)]
    assert sorted(getattr(Serving(), table).model_dump()) == sorted(names)
    # Each default of the server's may be written, and each setting comes to the server.
    lines = "".join(f"{name} = {getattr(limits, name)}\n" for name in names)
    told = getattr(settings(tmp_path, f"[serve.{table}]\n{lines}").serve, table)
    assert type(limits)(**told.model_dump(exclude_none=True)) == limits
    assert type(limits)(**getattr(Serving(), table).model_dump(exclude_none=True)) == limits


WRONG = [
    # what stands in the file from its fifth line on, the line told, and the words
    ('[serve]\nport = "8000"\n', 6, "serve.port: it is no whole number"),
    ("[serve]\nport = 8000.5\n", 6, "serve.port: it is no whole number"),
    ("[serve]\nport = true\n", 6, "serve.port: it is no whole number"),
    ("[serve]\n\n# a port\nport = 65536\n", 8, "serve.port: it is more than 65,535"),
    ("[serve]\nport = -1\n", 6, "serve.port: it is less than 0"),
    ("serve.port = -1\n", 5, "serve.port: it is less than 0"),
    ("serve = {host = 'x', port = -1}\n", 5, "serve.port: it is less than 0"),
    ("serve = 3\n", 5, "serve: it is no table"),
    ("[[serve]]\nport = 1\n", 5, "serve: it is no table"),
    ("[serve]\nhost = 'a b'\n", 6, "serve.host: it is neither an address nor the name of a host"),
    ("[serve]\nhost = ''\n", 6, "serve.host: it is neither an address nor the name of a host"),
    ("[serve]\nupdates = 'no'\n", 6, "serve.updates: it is neither true nor false"),
    ("[serve]\nmetrics = 'all'\n", 6, "serve.metrics: it is none of 'local', 'token' or 'public'"),
    ("[serve]\nfederation = 'https://e.org/'\n", 6, "serve.federation: it is no list"),
    (
        "[serve]\nfederation = [\n 'https://e.org/',\n 'file:///etc/passwd',\n]\n",
        6,
        "serve.federation: it does not begin with https:// or http:// and the name of a host",
    ),
    ("[serve]\nfederation = [3]\n", 6, "serve.federation: it is no text"),
    ("[serve]\nproxies = ['*']\n", 6, "serve.proxies: it is neither an IP address nor a network"),
    ("[serve]\nproxies = ['10.0.0.1/8']\n", 6, "serve.proxies: it is neither an IP address"),
    ("[serve]\npublic_url = 'example.org'\n", 6, "serve.public_url: it is not https:// or http://"),
    ("[serve]\npublic_url = 'https://e.org/x'\n", 6, "serve.public_url: it is not https:// or"),
    ("[serve]\npublic_url = 'https://a@e.org'\n", 6, "serve.public_url: it is not https:// or"),
    ("[serve]\n[serve.queries]\nseconds = nan\n", 7, "seconds: it is no number that can be"),
    ("[serve]\n[serve.queries]\nseconds = inf\n", 7, "seconds: it is no number that can be"),
    ("[serve.queries]\nquick = 0\n", 6, "serve.queries.quick: it is less than 1"),
    ("[serve.queries]\nmemory = 1\n", 6, "serve.queries.memory: it is less than 67,108,864"),
    (f"[serve.queries]\nmemory = {10**30}\n", 6, "serve.queries.memory: it is more than"),
]


@pytest.mark.parametrize(("text", "line", "words"), WRONG)
def test_a_wrong_value_is_told_where_it_stands(
    tmp_path: Path, text: str, line: int, words: str
) -> None:
    with pytest.raises(WorkspaceError) as told:
        settings(tmp_path, text)
    assert f"kgpub.toml:{line}:1: " in told.value.message
    assert words in told.value.message
    assert told.value.remedy


UNKNOWN = [
    ("[serve]\nprot = 1\n", 6, "unknown key 'serve.prot'", "Did you mean port?"),
    ("[serve]\nport = 1\nprt = 1\n", 7, "unknown key 'serve.prt'", "Remove it. Keys of [serve]: "),
    ("[serve.query]\nquick = 1\n", 5, "unknown key 'serve.query'", "Did you mean queries?"),
    (
        "[serve.queries]\nquick_secs = 1\n",
        6,
        "unknown key 'serve.queries.quick_secs'",
        "Did you mean quick_seconds? Keys of [serve.queries]: quick, slow,",
    ),
    ("[server]\nport = 1\n", 5, "unknown key 'server'", "Did you mean serve?"),
    ('"serve"."p\\u0000" = 1\n', 5, "unknown key 'serve.p\\x00'", "Keys of [serve]: "),
]


@pytest.mark.parametrize(("text", "line", "words", "remedy"), UNKNOWN)
def test_an_unknown_key_is_told_with_the_likely_one(
    tmp_path: Path, text: str, line: int, words: str, remedy: str
) -> None:
    with pytest.raises(WorkspaceError) as told:
        settings(tmp_path, text)
    assert told.value.message.endswith(f"kgpub.toml:{line}:1: {words}")
    assert remedy in told.value.remedy


def test_a_key_of_the_same_name_in_another_table_is_not_taken_for_it(tmp_path: Path) -> None:
    text = "[serve]\nquery = 1\n[serve.queries]\nquery = 2048\n"
    with pytest.raises(WorkspaceError, match=r"kgpub\.toml:6:1: unknown key 'serve\.query'"):
        settings(tmp_path, text)
    text = "[serve.queries]\nquery = 2048\n[serve]\nquery = 1\n"
    with pytest.raises(WorkspaceError, match=r"kgpub\.toml:8:1: unknown key 'serve\.query'"):
        settings(tmp_path, text)


# The environment


def test_the_environment_wins_over_the_file_and_both_over_defaults(tmp_path: Path) -> None:
    found = settings(tmp_path, "[serve]\nport = 1\nhost = 'a'\n[serve.queries]\nquick = 7\n")
    serve = serving(
        found,
        {
            "KGPUB_SERVE_PORT": "8080",
            "KGPUB_SERVE_UPDATES": "true",
            "KGPUB_SERVE_FEDERATION": "https://a.example/s  https://b.example/s",
            "KGPUB_SERVE_QUERIES_SECONDS": "2.5",
            "KGPUB_SERVE_PUBLIC_URL": "",
            "HOME": "/root",
            "KGPUB_OTHER": "x",
        },
    )
    assert (serve.port, serve.host, serve.updates) == (8080, "a", True)
    assert serve.federation == ("https://a.example/s", "https://b.example/s")
    assert (serve.queries.seconds, serve.queries.quick, serve.queries.slow) == (2.5, 7, None)
    assert found.serve.port == 1


def test_without_variables_it_is_as_the_file_says(tmp_path: Path) -> None:
    found = settings(tmp_path, "[serve]\nport = 1\n")
    assert serving(found, {}) == found.serve


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("PORT", "tcp://10.0.0.1:80", "it is no whole number"),
        ("PORT", "9" * 5_000, "it is too large"),
        ("UPDATES", "perhaps", "it is neither true nor false"),
        ("QUERIES_QUICK", "0", "it is less than 1"),
        ("QUERIES_SECONDS", "nan", "it is no number that can be reached"),
        ("FEDERATION", "https://a.example/ ftp://b.example/", "it does not begin with https://"),
        ("HOST", "\udcff", "it is not UTF-8"),
        ("METRICS", "Public", "it is none of 'local', 'token' or 'public'"),
    ],
)
def test_a_wrong_variable_is_named(tmp_path: Path, name: str, text: str, words: str) -> None:
    with pytest.raises(WorkspaceError) as told:
        serving(settings(tmp_path, ""), {f"KGPUB_SERVE_{name}": text})
    assert told.value.message.startswith(f"KGPUB_SERVE_{name}: {words}")
    assert told.value.remedy


@pytest.mark.parametrize(
    ("name", "remedy"),
    [
        ("KGPUB_SERVE_QUERIES_SECS", "Did you mean KGPUB_SERVE_QUERIES_SECONDS?"),
        ("KGPUB_SERVE_PRT", "Did you mean KGPUB_SERVE_PORT?"),
        ("KGPUB_SERVE_QUERIES", "KGPUB_SERVE_QUERIES_"),
        ("KGPUB_SERVE_ZZZZZZZZZZZZ", "Remove it."),
    ],
)
def test_an_unknown_variable_is_told(tmp_path: Path, name: str, remedy: str) -> None:
    with pytest.raises(WorkspaceError) as told:
        serving(settings(tmp_path, ""), {name: "1"})
    assert name in told.value.message
    assert remedy in told.value.remedy


def test_every_setting_is_documented_with_its_default() -> None:
    text = (REPOSITORY / "docs/deployment.md").read_text(encoding="utf-8")
    for name, keys in variables().items():
        value = getattr(LIMITS[keys[0]] if keys[0] in LIMITS else _table(keys), keys[-1])
        shown = " ".join(value) if isinstance(value, tuple) else str(value or "")
        if value == 0:
            shown = str(value)
        if isinstance(value, bool):
            shown = shown.lower()
        rows = [line for line in text.splitlines() if line.startswith(f"| `{'.'.join(keys)}` |")]
        assert len(rows) == 1, name
        assert rows[0].split("|")[2].strip().strip("`").replace(",", "") == shown, name


def _table(keys: tuple[str, ...]) -> object:
    return reduce(getattr, keys[:-1], Serving())
