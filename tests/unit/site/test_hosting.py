"""The rules for hosts, by a reading of them that knows only what hosts document."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import quote, unquote

import pytest

from kgpub.pages.addresses import Addresses
from kgpub.pages.policy import PAGE_POLICY
from kgpub.site.hosting import MAX_RULES, headers, htaccess, redirects, things

BASE = "https://example.org/data/"
ADDRESSES = Addresses(BASE, static=True)
IRIS = [f"{BASE}{each}" for each in ("statement/1", "person/b", "person/A", "topic/", "no/page")]
PATHS = frozenset(
    unquote(ADDRESSES.page(iri, "en") or "") for iri in IRIS if not iri.endswith("no/page")
)
NAMED = things(ADDRESSES, IRIS, PATHS)


def test_things_with_pages_are_named_people_first() -> None:
    assert [each.iri.removeprefix(BASE) for each in NAMED] == [
        *("person/A", "person/b", "topic/", "statement/1")
    ]


def test_redirects_are_few_enough_for_every_host_that_reads_them() -> None:
    iris = [f"{BASE}person/{number}" for number in range(3_000)]
    paths = frozenset(unquote(ADDRESSES.page(iri, "en") or "") for iri in iris)
    lines = list(redirects(ADDRESSES, things(ADDRESSES, iris, paths)))
    assert len(lines) == MAX_RULES == 1_000
    assert "/data/person/0 /data/person/0.en.html 303" in lines
    assert "/data/ /index.en.html 303" in lines and "/ontology /ontology.en.html 303" in lines


def test_headers_allow_no_more_than_pages_need() -> None:
    lines = list(headers())
    assert lines[0] == "/*"
    [policy] = [each for each in lines if each.startswith("  Content-Security-Policy: ")]
    told = dict(each.strip().split(" ", 1) for each in policy.partition(": ")[2].split(";"))
    assert told["default-src"] == "'none'" and told["frame-ancestors"] == "'none'"
    assert told["script-src"] == "'self' 'wasm-unsafe-eval'"
    for each in PAGE_POLICY.split(";"):
        name, allowed = each.strip().split(" ", 1)
        assert set(allowed.split()) <= set(told[name].split())


def answer(folder: Path, above: str, path: str, accept: str, language: str) -> str | None:
    """Where Apache leads to, by the rules in `folder`: mod_rewrite's documentation, as far as used.

    Patterns see the decoded path below the folder; conditions stand before their rule.
    """
    environment: dict[str, str] = {}
    conditions: list[tuple[str, str]] = []
    decoded = unquote(path)
    for line in (folder / ".htaccess").read_text(encoding="utf-8").splitlines():
        words = [quoted or plain for quoted, plain in re.findall(r'"([^"]*)"|(\S+)', line)]
        if words[:1] == ["RewriteCond"]:
            conditions.append((words[1], words[2]))
        if words[:1] != ["RewriteRule"]:
            continue
        pattern, target, flags = words[1], words[2], words[3].strip("[]").split(",")
        matched = re.search(pattern, decoded)
        tests, conditions, last = conditions, [], None
        if matched is None:
            continue
        variables = {
            "REQUEST_URI": above + decoded,
            "REQUEST_FILENAME": f"{folder}/{decoded}",
            "HTTP_ACCEPT": accept,
            "HTTP:Accept-Language": language,
        }

        def filled(
            text: str, found: re.Match[str] = matched, known: dict[str, str] = variables
        ) -> str:
            named = re.sub(r"%\{ENV:(\w+)\}", lambda each: environment.get(each[1], ""), text)
            named = re.sub(r"%\{([^}]+)\}", lambda each: known[each[1]], named)
            return re.sub(r"\$(\d)", lambda each: found[int(each[1])] or "", named)

        holds = True
        for subject, test in tests:
            negated, test = test.startswith("!"), test.removeprefix("!")
            value = filled(subject)
            if test == "-f":
                found = Path(value).is_file()
            elif test == "-d":
                found = Path(value).is_dir()
            else:
                last = re.search(test, value, re.IGNORECASE)
                found = last is not None
            holds = holds and found != negated
        if not holds:
            continue
        for flag in flags:
            if flag.startswith("E="):
                name, _, value = flag.removeprefix("E=").partition(":")
                environment[name] = re.sub(
                    r"%(\d)", lambda each, of=last: of[int(each[1])] if of else "", filled(value)
                )
        if target != "-":
            made = filled(target)
            if "NE" in flags:
                return made.replace("\\%", "%")
            return quote(made, safe="/~")
    return None


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    files = [
        *("index.en.html", "index.ar.html", "index.ckb.html", "data/dataset.ttl", "robots.txt"),
        *(f"data/person/index.{each}" for each in ("en.html", "ar.html", "ttl")),
        *(f"data/person/مصطفى.{each}" for each in ("en.html", "ar.html", "ttl", "jsonld", "nt")),
    ]
    files += [
        unquote(ADDRESSES.document(f"{BASE}person/Ab 1", e) or "") for e in (".en.html", ".ttl")
    ]
    for each in files:
        (tmp_path / each).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / each).write_text("")
    named = things(ADDRESSES, [f"{BASE}person/Ab 1", f"{BASE}person/مصطفى"], frozenset(files))
    lines = "\n".join(htaccess(ADDRESSES, named, ""))
    (tmp_path / ".htaccess").write_text(lines, encoding="utf-8")
    return tmp_path


MUSTAFA = quote("data/person/مصطفى")
BROWSER = "text/html,application/xhtml+xml,*/*;q=0.8"


@pytest.mark.parametrize("above", ["/", "/some/where/"])
@pytest.mark.parametrize(
    ("path", "accept", "language", "expected"),
    [
        (MUSTAFA, BROWSER, "", f"{MUSTAFA}.en.html"),
        (MUSTAFA, BROWSER, "ar-IQ,en;q=0.5", f"{MUSTAFA}.ar.html"),
        (MUSTAFA, "*/*", "fr, ar", f"{MUSTAFA}.en.html"),
        (MUSTAFA, "text/turtle", "ar", f"{MUSTAFA}.ttl"),
        (MUSTAFA, "application/ld+json, text/html;q=0.5", "", f"{MUSTAFA}.jsonld"),
        (MUSTAFA, "application/n-triples", "", f"{MUSTAFA}.nt"),
        (f"{MUSTAFA}.en.html", BROWSER, "", None),
        ("robots.txt", "text/turtle", "", None),
        ("data/person/nobody", BROWSER, "", None),
        ("", BROWSER, "ckb", "index.ckb.html"),
        ("", BROWSER, "ku-IQ", "index.ckb.html"),
        ("data/", BROWSER, "", "index.en.html"),
        ("data/", "text/turtle", "", "data/dataset.ttl"),
        ("data/person/", BROWSER, "ar", "data/person/index.ar.html"),
        ("data/person", "text/turtle", "", "data/person/index.ttl"),
        ("data/person/Ab%201", BROWSER, "", "{renamed}.en.html"),
        ("data/person/Ab%201", "text/turtle", "", "{renamed}.ttl"),
    ],
)
def test_apache_leads_to_the_form_and_the_language_that_are_named_first(
    folder: Path, above: str, path: str, accept: str, language: str, expected: str | None
) -> None:
    found = answer(folder, above, path, accept, language)
    if expected is None:
        assert found is None
        return
    renamed = ADDRESSES.document(f"{BASE}person/Ab 1", "") or ""
    assert found == above + expected.format(renamed=renamed)


def test_the_page_of_what_is_missing_is_named_where_its_address_is_known() -> None:
    assert "ErrorDocument 404 /x/404.html" in list(htaccess(ADDRESSES, [], "/x/"))
    assert not [each for each in htaccess(ADDRESSES, [], "") if "ErrorDocument" in each]
