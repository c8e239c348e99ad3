"""A telephone provider for tests: Kamailio that registers customers with digest and carries their calls."""

from __future__ import annotations

import re
import shutil
import signal
import socket
import subprocess
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.peers import program
from tests.sip.peers import free_port
from tests.sip.test_hostile import request

CONFIG = Path(__file__).with_name("registrar.cfg")
HERE = "127.0.0.1"
UK, NORWAY = "442079460123", "4722334455"
"""Its two customers; their passwords stand in the configuration."""
PASSWORDS = {UK: "correct horse", NORWAY: "battery staple"}


@dataclass(frozen=True)
class Provider:
    """A running provider; ``desk`` is the port to which its customers' calls go."""

    folder: Path
    port: int
    tls_port: int
    desk: int

    @property
    def certificate(self) -> Path:
        return self.folder / "cert.pem"

    @property
    def log(self) -> str:
        return (self.folder / "provider.log").read_text(errors="replace")

    def registrations(self, user: str) -> list[str]:
        """What it was asked for, one line per REGISTER."""
        return re.findall(rf"REGISTER {user} .*", self.log)


@contextmanager
def provider(folder: Path, algorithm: str = "MD5", busy_first: bool = False) -> Iterator[Provider]:
    """Kamailio with two customers; ``busy_first`` refuses the first registration of each with 503."""
    folder.mkdir(parents=True, exist_ok=True)
    made = Provider(folder, free_port(), free_port(), free_port())
    certificate(folder)
    text = CONFIG.read_text()
    values = {"PORT": made.port, "TLS_PORT": made.tls_port, "DESK": made.desk, "FOLDER": folder}
    for name, value in {**values, "ALGORITHM": algorithm, "BUSY_FIRST": "yes" if busy_first else "no"}.items():
        text = text.replace(f"@{name}@", str(value))
    (folder / "registrar.cfg").write_text(text)
    found = program("kamailio")
    assert found is not None
    command = [found, "-f", str(folder / "registrar.cfg"), "-DD", "-E", "-m", "32", "-M", "4", "-Y", str(folder)]
    with (folder / "provider.log").open("wb") as log, subprocess.Popen(command, stdout=log, stderr=log) as process:
        try:
            answers(made.port, process, folder / "provider.log")
            yield made
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(15)


def certificate(folder: Path, name: str = "IP:127.0.0.1") -> None:
    """A certificate of its own for an address or a name, in ``cert.pem`` and ``key.pem``."""
    openssl = shutil.which("openssl")
    assert openssl is not None
    command = [openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=provider"]
    command += ["-addext", f"subjectAltName={name}", "-keyout", str(folder / "key.pem")]
    subprocess.run([*command, "-out", str(folder / "cert.pem")], check=True, capture_output=True)


def answers(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    """Wait until a Kamailio answers OPTIONS (pytest-timeout is the limit)."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        udp.bind((HERE, 0))
        udp.settimeout(0.3)
        udp.connect((HERE, port))
        while True:
            assert process.poll() is None, log.read_text(errors="replace")[-3000:]
            udp.send(request("OPTIONS", f"sip:{HERE}:{port}", udp.getsockname()[1], uuid.uuid4().hex))
            try:
                udp.recv(65536)
                return
            except (TimeoutError, ConnectionRefusedError):
                time.sleep(0.05)
