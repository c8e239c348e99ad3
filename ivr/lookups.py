"""Questions to web services for flows: HTTP with time-outs and retries, JSON back as plain values.

``{settings.<name>}`` in the address and the headers is filled from the line's ``services`` here and nowhere else, so
that neither a flow nor a record holds a secret. Redirects are not followed: a service cannot send the line elsewhere.
"""

from __future__ import annotations

import json
import logging
import re
import threading
from collections.abc import Callable, Mapping
from typing import Any, Protocol

import httpx2

from ivr.commands import Lookup
from ivr.events import LookupFailure
from ivr.flow.values import Values, flatten

log = logging.getLogger(__name__)

MOST_BYTES = 256 * 1024
_SETTING = re.compile(r"\{settings\.([a-z][a-z0-9_]*)\}")

Answer = tuple[int, Values] | tuple[LookupFailure, int]
"""A status with values, or why there are none with the status, 0 for none."""

Answered = Callable[[Answer], None]


class Asking(Protocol):
    """Puts a question to a web service without making the call wait."""

    def __call__(self, asked: Lookup, then: Answered) -> None:
        """Call ``then`` in the session's thread, later."""


class Services:
    """The web services of a line: one client, safe to use from several threads.

    The client is made at the first question: the certificates that it loads take ten megabytes in every cell.
    """

    def __init__(self, services: Mapping[str, str], transport: httpx2.BaseTransport | None = None) -> None:
        self._services = services
        self._transport = transport
        self._making = threading.Lock()
        self._made: httpx2.Client | None = None

    @property
    def _client(self) -> httpx2.Client:
        with self._making:
            if self._made is None:
                self._made = httpx2.Client(transport=self._transport, follow_redirects=False, trust_env=False)
            return self._made

    def ask(self, asked: Lookup) -> Answer:
        """Put the question, again if it must be; blocks for at most ``(1 + retries) * timeout_s`` or so."""
        try:
            url = self._filled(asked.url)
            headers = {name: self._filled(text) for name, text in asked.headers}
        except KeyError as error:
            log.error("a lookup names the setting %s, and the line has no such service", error)
            return "unreachable", 0
        answer: Answer = ("unreachable", 0)
        for _ in range(1 + asked.retries):
            answer = self._once(asked, url, headers)
            if answer[0] not in ("timeout", "unreachable") and not (answer[0] == "refused" and int(answer[1]) >= 500):
                break
        return answer

    def close(self) -> None:
        """Let the connections go."""
        if self._made is not None:
            self._made.close()

    def _once(self, asked: Lookup, url: str, headers: Mapping[str, str]) -> Answer:
        sent: dict[str, Any] = {"headers": {**headers}, "timeout": asked.timeout_s}
        if asked.method == "POST":
            sent["content"] = asked.body.encode()
            sent["headers"].setdefault("Content-Type", "application/json")
        try:
            with self._client.stream(asked.method, url, **sent) as response:
                status, body = response.status_code, b""
                if status >= 300:
                    return "refused", status
                for piece in response.iter_bytes():
                    body += piece
                    if len(body) > MOST_BYTES:
                        return "unreadable", status
        except httpx2.TimeoutException:
            return "timeout", 0
        except (httpx2.HTTPError, httpx2.InvalidURL, ValueError):
            return "unreachable", 0
        try:
            return status, flatten(json.loads(body), asked.into) if body.strip() else ()
        except (ValueError, RecursionError):
            return "unreadable", status

    def _filled(self, text: str) -> str:
        return _SETTING.sub(lambda found: self._services[found[1]], text)
