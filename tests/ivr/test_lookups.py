"""Questions to web services, put to a real HTTP server on loopback."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from ivr.commands import Lookup
from ivr.lookups import Services


class Crm(BaseHTTPRequestHandler):
    """Answers by the path; remembers what it was asked."""

    asked: list[tuple[str, str, str]] = []  # noqa: RUF012 - one list for the whole server

    def do_GET(self) -> None:
        self._answer("")

    def do_POST(self) -> None:
        self._answer(self.rfile.read(int(self.headers["Content-Length"])).decode())

    def _answer(self, body: str) -> None:
        self.asked.append((self.command, self.path, body))
        kind = self.path.split("/")[1]
        if kind == "slow":
            release.wait(5)
        status = {"missing": 404, "broken": 500, "elsewhere": 302}.get(kind, 200)
        content = {"text": b"<html>", "large": b'"' + b"x" * 300_000 + b'"', "empty": b""}.get(kind)
        if content is None:
            content = json.dumps({"balance": 12.5, "key": self.headers.get("Authorization")}).encode()
        self.send_response(status)
        self.send_header("Location", "/account")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""


release = threading.Event()


@pytest.fixture
def services() -> Iterator[Services]:
    Crm.asked.clear()
    release.clear()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Crm)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    made = Services({"crm": f"http://127.0.0.1:{server.server_port}", "key": "s3cret", "dead": "http://127.0.0.1:1"})
    yield made
    release.set()
    made.close()
    server.shutdown()
    server.server_close()
    thread.join()


def ask(path: str, **more: object) -> Lookup:
    return Lookup(1, "GET", f"{{settings.crm}}/{path}", timeout_s=2.0, **more)  # type: ignore[arg-type]


def test_an_answer_comes_back_as_values_and_the_secret_goes_out(services: Services) -> None:
    answer = services.ask(ask("account", headers=(("Authorization", "Bearer {settings.key}"),)))
    assert answer == (200, (("result.balance", 12.5), ("result.key", "Bearer s3cret")))


def test_a_post_sends_its_body(services: Services) -> None:
    asked = Lookup(1, "POST", "{settings.crm}/orders", body='{"n": 1}', into="order")
    assert services.ask(asked)[1][0] == ("order.balance", 12.5)  # type: ignore[index]
    assert Crm.asked == [("POST", "/orders", '{"n": 1}')]


@pytest.mark.parametrize(
    ("path", "answer", "tries"),
    [
        ("missing", ("refused", 404), 1),
        ("broken", ("refused", 500), 2),
        ("elsewhere", ("refused", 302), 1),
        ("text", ("unreadable", 200), 1),
        ("large", ("unreadable", 200), 1),
        ("empty", (200, ()), 1),
    ],
)
def test_what_is_no_answer_is_told(services: Services, path: str, answer: object, tries: int) -> None:
    assert services.ask(ask(path)) == answer
    assert len(Crm.asked) == tries


def test_time_outs_dead_services_and_unknown_settings(services: Services) -> None:
    assert services.ask(Lookup(1, "GET", "{settings.crm}/slow", timeout_s=0.05, retries=0)) == ("timeout", 0)
    assert services.ask(Lookup(1, "GET", "{settings.dead}/x", timeout_s=1.0)) == ("unreachable", 0)
    assert services.ask(Lookup(1, "GET", "{settings.nothing}/x")) == ("unreachable", 0)
