"""An HTTP address that says whether the line takes calls: 200 or 503 at ``/health``, with the status as JSON.

For load balancers and watchdogs; it tells numbers of calls, never of callers. It reads the status file, so it runs in a
process of its own and can never make a call wait.
"""

from __future__ import annotations

import json
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from ivr.status import read_status


def health_server(host: str, port: int, calls: Path) -> ThreadingHTTPServer:
    """The server, bound and not yet serving; raises OSError when the address cannot be had."""

    class Health(BaseHTTPRequestHandler):
        server_version = "Clearline"
        sys_version = ""
        timeout = 5

        def do_GET(self) -> None:
            if self.path not in ("/health", "/"):
                self._say(404, {"error": "ask for /health"})
                return
            status = read_status(calls, time.time())
            if status is None:
                self._say(503, {"takes_calls": False, "error": "no line runs here"})
            else:
                self._say(200 if status.takes_calls else 503, status.to_json())

        def _say(self, code: int, what: object) -> None:
            body = json.dumps(what).encode()
            self.send_response(code)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Cache-Control", "no-store")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Nobody reads a line per question."""

    return ThreadingHTTPServer((host, port), Health)
