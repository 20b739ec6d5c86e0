"""A real server on loopback, a client that knows nothing of kgpub, and data to serve."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import Message
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from starlette.types import ASGIApp

from kgpub import Workspace
from kgpub.pipeline.initial import create_workspace
from kgpub.service.connections import ConnectionLimits
from kgpub.service.serving import server

BASE = "https://example.org/data/"
SCRIPT = '<script>alert("1")</script> & Sons'
FACTS = f"""
article: example
organisations:
  the-example-paper: {{name: {{ar: جريدة المثال, en: The Example Paper}}, kind: media-outlet}}
  municipal-council: {{name: {{ar: مجلس بلدية الواحة, en: Al-Waha Municipal Council}}}}
  hostile: {{name: {{en: '{SCRIPT}'}}, kind: company}}
people:
  layla-hasan:
    name: {{ar: ليلى حسن, en: Layla Hasan, ckb: لەیلا حەسەن}}
    alternative-name: {{en: Umm Yusuf}}
    wikidata: Q42
    evidence: It is her.
  salim-omar: {{name: {{ar: سالم عمر, en: Salim Omar}}}}
  salim-omar-the-elder: {{name: {{ar: سالم عمر, en: Salim Omar}}}}
places:
  al-waha: {{name: {{ar: الواحة, en: Al-Waha}}}}
offices:
  mayor-of-al-waha:
    name: {{ar: رئيس بلدية الواحة, en: Mayor of Al-Waha}}
    jurisdiction: al-waha
    single-holder: true
statements:
  - words: انتخب مجلس بلدية الواحة، يوم الأحد، المهندسة ليلى حسن رئيسة للبلدية
    asserts:
      - id: event/election-of-layla-hasan
        type: Event
        kind: election
        office: mayor-of-al-waha
        participants:
          - {{who: person/layla-hasan, role: elected}}
          - {{who: organisation/municipal-council, role: agent}}
      - {{type: Tenure, person: layla-hasan, office: mayor-of-al-waha}}
  - words: لسالم عمر الذي تولى المنصب عام 2019
    about: [organisation/hostile, person/salim-omar-the-elder]
    asserts:
      - {{type: Tenure, person: salim-omar, office: mayor-of-al-waha, start: 2019}}
  - words: سنبدأ بإصلاح شبكة المياه
    asserts:
      - id: event/resignation-of-layla-hasan
        type: Event
        kind: resignation
        negated: true
        participants: [{{who: person/layla-hasan, role: subject-of-event}}]
"""


def make_workspace(root: Path) -> Workspace:
    """A workspace with these facts, built."""
    create_workspace(root, BASE, "Facts of Al-Waha", "Me", "https://example.org/licence")
    (root / "articles/example/facts.yaml").write_text(FACTS, encoding="utf-8")
    workspace = Workspace(root)
    workspace.build()
    return workspace


@contextmanager
def running(
    application: ASGIApp, limits: ConnectionLimits | None = None, rest: int = 5
) -> Iterator[str]:
    """Serve on a free port of loopback; yield the origin.

    Connections are closed on which nothing is asked for `rest` seconds.
    """
    # Only of a socket that names its protocol asyncio turns Nagle's algorithm off.
    with socket.socket(proto=socket.IPPROTO_TCP) as listening:
        listening.bind(("127.0.0.1", 0))
        serving = server(application, limits=limits)
        serving.config.timeout_keep_alive = rest
        thread = threading.Thread(target=serving.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            until = time.monotonic() + 10
            while not serving.started:
                assert time.monotonic() < until
                time.sleep(0.01)
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            serving.should_exit = True
            thread.join(10)


@dataclass(frozen=True)
class Got:
    """An answer."""

    status: int
    headers: Message
    body: bytes

    @property
    def json(self) -> Any:
        assert self.headers["content-type"].startswith("application/json")
        return json.loads(self.body.decode("utf-8"))


class _NoRedirect(HTTPRedirectHandler):
    def redirect_request(self, *arguments: Any, **more: Any) -> None:
        return None


def fetch(
    url: str,
    form: Mapping[str, str] | bytes | None = None,
    method: str | None = None,
    **headers: str,
) -> Got:
    """Send a request, a POST with a form where there is one; follow no redirect."""
    data = form if form is None or isinstance(form, bytes) else urlencode(form).encode()
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    request = Request(url, data, named, method=method)
    try:
        with build_opener(_NoRedirect).open(request, timeout=30) as answer:
            return Got(answer.status, answer.headers, answer.read())
    except HTTPError as error:
        with error:
            return Got(error.code, error.headers, error.read())


def sent(origin: str, *parts: bytes) -> bytes:
    """Send bytes as they are and return what comes back, until the server closes or a second."""
    host = urlsplit(origin)
    assert host.hostname is not None
    with socket.create_connection((host.hostname, host.port or 80), timeout=10) as connection:
        for part in parts:
            connection.sendall(part)
        connection.settimeout(1)
        got = b""
        try:
            while chunk := connection.recv(65_536):
                got += chunk
        except (TimeoutError, ConnectionResetError):
            pass
    return got
