"""A language model's server for tests: the OpenAI-compatible chat API over HTTP, with an answer of one's choice."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Model:
    """What the server answers, and what it was asked."""

    said: str = ""
    status: int = 200
    raw: bytes | None = None
    drip_s: float = 0.0
    models: Any = field(default_factory=lambda: {"data": [{"id": "tiny-1"}]})
    asked: list[tuple[str, dict[str, str], Any]] = field(default_factory=list)

    @property
    def body(self) -> bytes:
        if self.raw is not None:
            return self.raw
        return json.dumps({"choices": [{"message": {"role": "assistant", "content": self.said}}]}).encode()


@contextmanager
def serving(model: Model) -> Iterator[str]:
    """The address of a server that answers as ``model`` says."""

    class Answering(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            model.asked.append((self.path, dict(self.headers), None))
            self._send(200, json.dumps(model.models).encode())

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            model.asked.append((self.path, dict(self.headers), json.loads(body)))
            self._send(model.status, model.body)

        def _send(self, status: int, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            try:
                for byte in [bytes([each]) for each in body] if model.drip_s else [body]:
                    self.wfile.write(byte)
                    self.wfile.flush()
                    time.sleep(model.drip_s)
            except OSError:
                self.close_connection = True

        def log_message(self, *_: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/v1"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
