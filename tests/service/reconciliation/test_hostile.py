"""What the open internet sends: each is refused in readable JSON, and nothing runs in a page."""

from __future__ import annotations

import json
from urllib.parse import quote, urlsplit

import pytest
from tests.service.reconciliation import schemas
from tests.service.reconciliation.schemas import conforms
from tests.service.served import SCRIPT, Got, fetch, running, sent

from kgpub import Workspace
from kgpub.service.limits import Limits
from kgpub.service.reconciliation.entities import Entities
from kgpub.service.reconciliation.routes import reconciliation_application

ONE = {"query": "Layla Hasan"}


def refused(got: Got, status: int, words: str = "") -> None:
    conforms(got.json, schemas.ERROR)
    assert got.status == got.json["code"] == status, got.body
    assert words in got.json["message"]
    assert b"Traceback" not in got.body


def head(length: int) -> bytes:
    lines = ["POST /reconcile/entities HTTP/1.1", "Host: x", f"Content-Length: {length}"]
    lines += ["Content-Type: application/x-www-form-urlencoded", "", ""]
    return "\r\n".join(lines).encode()


def nested(levels: int) -> str:
    return '{"q": {"query": "x", "properties": ' + "[" * levels + "]" * levels + "}}"


@pytest.mark.parametrize(
    ("text", "status", "words"),
    [
        ("", 400, "queries:1:1: not JSON"),
        ('{"q": {"query": "x"}', 400, "queries:1:21: not JSON"),
        ('{"q":\n {"query": x}}', 400, "queries:2:12: not JSON"),
        ("[]", 400, "queries: is no JSON object"),
        ('{"q": 1}', 400, "queries/q: is no JSON object"),
        ('{"q": {}}', 400, "queries/q: has neither query nor properties"),
        ('{"q": {"query": "x", "propertys": []}}', 400, "is no member of a query"),
        ('{"q": {"query": "x", "\\ud800": 1}}', 400, "is no member of a query"),
        ('{"q": {"query": 1}}', 400, "queries/q/query: is no text"),
        ('{"q": {"query": "x", "limit": 0}}', 400, "queries/q/limit: is no number from 1 up"),
        ('{"q": {"query": "x", "limit": true}}', 400, "limit"),
        ('{"q": {"query": "x", "limit": NaN}}', 400, "a number that cannot be read"),
        ('{"q": {"query": "x", "limit": ' + "9" * 5_000 + "}}", 400, "cannot be read"),
        ('{"q": {"query": "x", "type": 7}}', 400, "queries/q/type: is no JSON array"),
        ('{"q": {"query": "x", "type_strict": "most"}}', 400, "any, all, should"),
        ('{"q": {"query": "x", "type_strict": ["any"]}}', 400, "any, all, should"),
        ('{"q": {"query": "x", "properties": [{"v": "y"}]}}', 400, "properties/0/pid"),
        ('{"q": {"query": "x", "properties": [{"pid": "name", "v": null}]}}', 400, "/v"),
        ('{"q": {"query": "\\ud800"}}', 400, "half of a surrogate pair"),
        ('{"\\udfff": {"query": "x"}}', 400, "half of a surrogate pair"),
        ('{"q": {"query": "' + "x" * 1_001 + '"}}', 400, "more than 1,000 characters"),
        (nested(201), 400, "levels inside each other"),
        (nested(100_000), 400, "levels inside each other"),
        (json.dumps({str(n): ONE for n in range(10_000)}), 413, "more than 100 at once"),
        (json.dumps({"q": {**ONE, "properties": [{"pid": "name", "v": "x"}] * 99}}), 413, "10"),
        ('{"q": {"properties": []}}', 400, "neither query"),
        ('{"q": {"limit": 1}}', 400, "neither query"),
    ],
)
def test_queries_that_are_none(entities: str, text: str, status: int, words: str) -> None:
    refused(fetch(entities, {"queries": text}), status, words)


@pytest.mark.parametrize(
    ("text", "status", "words"),
    [
        ("{", 400, "extend:1:2: not JSON"),
        ('{"ids": "person/x", "properties": []}', 400, "must both be arrays"),
        ('{"ids": [1], "properties": []}', 400, "extend/ids: is no text"),
        ('{"ids": [], "properties": ["name"]}', 400, "extend/properties/0"),
        ('{"ids": [], "properties": [{"id": "x> ?y } #"}]}', 400, "there is no property"),
        (json.dumps({"ids": ["x"] * 201, "properties": []}), 413, "extend/ids: more than 200"),
        (json.dumps({"ids": [], "properties": [{"id": "name"}] * 21}), 413, "more than 20"),
    ],
)
def test_extensions_that_are_none(entities: str, text: str, status: int, words: str) -> None:
    refused(fetch(entities, {"extend": text}), status, words)


@pytest.mark.parametrize("limit", [1e300, 10**300, 1.5, 50])
def test_a_huge_limit_is_the_most_there_is(entities: str, limit: float) -> None:
    got = fetch(entities, {"queries": json.dumps({"q": {**ONE, "limit": limit}})})
    assert got.status == 200


@pytest.mark.parametrize("value", [10**400, -0.0, True, 1e300])
def test_numbers_are_values_to_compare(entities: str, value: object) -> None:
    query = {**ONE, "properties": [{"pid": "name", "v": value}]}
    got = fetch(entities, {"queries": json.dumps({"q": query})})
    assert got.json["q"]["result"][0]["match"] is False


def test_a_body_of_ten_megabytes_is_refused_in_words(entities: str) -> None:
    refused(fetch(entities, b"queries=" + b"a" * 10_000_000), 413, "1,048,576 bytes")


def test_a_body_without_end_is_cut_off(workspace: Workspace) -> None:
    limits = Limits(body=1_000, discarded=100_000)
    with running(reconciliation_application([Entities(workspace)], limits=limits)) as origin:
        head = b"POST /reconcile/entities HTTP/1.1\r\nHost: x\r\n"
        head += (
            b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 999999999\r\n\r\n"
        )
        told = sent(origin, head, b"q" * 200_000)
    assert told.startswith(b"HTTP/1.1 413 ")


def test_a_body_that_comes_too_slowly_is_not_waited_for(workspace: Workspace) -> None:
    limits = Limits(upload_seconds=0.2)
    with running(reconciliation_application([Entities(workspace)], limits=limits)) as origin:
        told = sent(origin, head(100), b"queries=")
    assert told.startswith(b"HTTP/1.1 408 ")


@pytest.mark.parametrize(
    ("form", "status", "words"),
    [
        (b"queries=%FF%FE", 400, "not UTF-8"),
        (b"queries=\xff", 400, "not UTF-8"),
        (b"queries={}&queries={}", 400, "given twice"),
        (b"&".join(b"a%d=1" % n for n in range(1_000)), 400, "more than 20 parameters"),
        (b"", 400, "neither queries nor extend"),
        (b"callback=x", 400, "neither queries nor extend"),
    ],
)
def test_forms_that_are_none(entities: str, form: bytes, status: int, words: str) -> None:
    refused(fetch(entities, form), status, words)


def test_bodies_of_other_kinds_are_refused(entities: str) -> None:
    for kind in ("application/json", "multipart/form-data; boundary=x", "text/plain"):
        refused(fetch(entities, b"{}", Content_Type=kind), 415, "x-www-form-urlencoded")


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/nothing", 404),
        ("/entities/suggest/nothing?prefix=a", 404),
        ("/entities/flyout/type?id=Planet", 404),
        ("/entities/flyout/entity?id=..%2F..%2Fetc%2Fpasswd", 404),
        ("/entities/preview?id=person%2Fnobody", 404),
        ("/entities/preview?id=%3E%20.%20%7D%20%23", 404),
        ("/entities/preview?id=%00", 404),
        ("/entities/preview", 400),
        ("/entities/view?id=https%3A%2F%2Fevil.example%2F", 404),
        ("/entities/view?id=%2F%2Fevil.example", 404),
        ("/entities/suggest/entity?prefix=a&cursor=-1", 400),
        ("/entities/suggest/entity?prefix=a&cursor=%D9%A3", 400),
        ("/entities/properties?type=Person&limit=x", 400),
        ("/entities?queries=%5B", 400),
    ],
)
def test_addresses_that_are_none(origin: str, path: str, status: int) -> None:
    refused(fetch(f"{origin}/reconcile{path}"), status)


def test_other_methods_are_refused_and_a_preflight_is_answered(entities: str) -> None:
    refused(fetch(entities, method="DELETE"), 405)
    got = fetch(
        entities,
        method="OPTIONS",
        Origin="https://elsewhere.example",
        Access_Control_Request_Method="POST",
    )
    assert (got.status, got.headers["access-control-allow-origin"]) == (200, "*")


def test_an_error_can_be_read_from_another_origin(entities: str) -> None:
    got = fetch(f"{entities}?queries=x", Origin="https://elsewhere.example")
    refused(got, 400)
    assert got.headers["access-control-allow-origin"] == "*"


@pytest.mark.parametrize("path", ["", "/suggest/entity?prefix=a", "/flyout/type?id=Person"])
def test_a_callback_is_no_part_of_any_answer(entities: str, path: str) -> None:
    mark = "?" if "?" not in path else "&"
    got = fetch(f"{entities}{path}{mark}callback={quote('steal(1)//')}")
    assert isinstance(got.json, dict)
    assert b"steal" not in got.body
    assert got.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("host", ["a/b", "a b", '"><script>', "evil.example\\@x", ""])
def test_a_host_that_is_none_makes_no_addresses(entities: str, host: str) -> None:
    lines = [
        f"GET {urlsplit(entities).path} HTTP/1.1",
        f"Host: {host}",
        "Connection: close",
        "",
        "",
    ]
    told = sent(entities, "\r\n".join(lines).encode())
    assert told.startswith(b"HTTP/1.1 400 ")
    assert b"<script>" not in told


def test_markup_in_names_is_text_in_preview_and_flyout(entities: str) -> None:
    escaped = "&lt;script&gt;alert(&#34;1&#34;)&lt;/script&gt; &amp; Sons"
    got = fetch(f"{entities}/preview?id=organisation/hostile")
    assert escaped in got.body.decode()
    assert b"<script" not in got.body
    policy = got.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert "allow-scripts" not in policy
    flyout = fetch(f"{entities}/flyout/entity?id=organisation/hostile").json["html"]
    assert escaped in flyout
    assert "<script" not in flyout
    found = fetch(f"{entities}/suggest/entity?prefix=organisation/host").json
    assert found["result"][0]["name"] == SCRIPT
