"""What SIPp does in the benchmarks: calls through a proxy, keys by SIP INFO, audio by SIPp's own echo or elsewhere."""

from __future__ import annotations

import csv
import shutil
import signal
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

_HEAD = """<?xml version="1.0" encoding="UTF-8" ?>
<scenario name="load">
  <send retrans="500" start_rtd="1"><![CDATA[
      INVITE sip:line@[remote_ip]:[remote_port] SIP/2.0
      Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
      From: <sip:5551234@[local_ip]:[local_port]>;tag=[pid]T[call_number]
      To: <sip:line@[remote_ip]:[remote_port]>
      Call-ID: [call_id]
      CSeq: 1 INVITE
      Contact: <sip:5551234@[local_ip]:[local_port]>
      Max-Forwards: 70
      Content-Type: application/sdp
      Content-Length: [len]

      v=0
      o=load 1 1 IN IP4 [local_ip]
      s=-
      c=IN IP4 [local_ip]
      t=0 0
      m=audio MEDIA_PORT RTP/AVP 0 101
      a=rtpmap:0 PCMU/8000
      a=rtpmap:101 telephone-event/8000
  ]]></send>
  <recv response="100" optional="true"/>
  <recv response="180" optional="true"/>
  <recv response="200" rtd="1" rrs="true"/>
"""
_REQUEST = """
  <send{retrans}><![CDATA[
      {method} [next_url] SIP/2.0
      Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
      From: <sip:5551234@[local_ip]:[local_port]>;tag=[pid]T[call_number]
      To: <sip:line@[remote_ip]:[remote_port]>[peer_tag_param]
      [routes]
      Call-ID: [call_id]
      CSeq: {number} {method}
      Contact: <sip:5551234@[local_ip]:[local_port]>
      Max-Forwards: 70
      {content}Content-Length: [len]

{body}
  ]]></send>
"""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How many calls SIPp made, how many of them failed, and INVITE→200 of each in ms."""

    made: int
    failed: int
    answered_ms: tuple[float, ...]


def scenario(
    media_port: str = "[media_port]",
    keys: Sequence[tuple[str, int]] = (),
    rest_ms: tuple[int, int] | None = None,
) -> str:
    """A call: INVITE, keys (key, milliseconds before it) by INFO, a rest (SIPp's ``-d`` or from … to), BYE."""
    rest = f'  <pause distribution="uniform" min="{rest_ms[0]}" max="{rest_ms[1]}"/>' if rest_ms else "  <pause/>"
    parts = [_HEAD.replace("MEDIA_PORT", media_port), _request("ACK", 1)]
    for number, (key, before_ms) in enumerate(keys, 2):
        parts += [f'  <pause milliseconds="{before_ms}"/>', _key(number, key), '  <recv response="200"/>']
    parts += [rest, _request("BYE", 90), '  <recv response="200"/>', "</scenario>", ""]
    return "\n".join(parts)


def _key(number: int, key: str) -> str:
    return _request(
        "INFO", number, "Content-Type: application/dtmf-relay\n      ", f"      Signal={key}\n      Duration=160"
    )


def _request(method: str, number: int, content: str = "", body: str = "") -> str:
    retrans = "" if method == "ACK" else ' retrans="500"'
    return _REQUEST.format(method=method, number=number, content=content, body=body, retrans=retrans)


class Sipp:
    """One run of SIPp in a folder of its own."""

    def __init__(self, folder: Path, address: str, text: str, *options: str) -> None:
        folder.mkdir(parents=True)
        self._folder = folder
        (folder / "load.xml").write_text(text)
        program = shutil.which("sipp")
        assert program is not None
        command = [program, address, "-sf", "load.xml", "-i", "127.0.0.1", "-nostdin", "-trace_rtt", "-rtt_freq", "1"]
        command += ["-trace_stat", "-fd", "1", "-trace_err", *options]
        self.process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def stop(self) -> None:
        """Begin no more calls; it ends when those under way are over."""
        self.process.send_signal(signal.SIGUSR1)

    def outcome(self) -> Outcome:
        """After its end."""
        self.process.wait()
        times: list[float] = []
        for file in self._folder.glob("*rtt.csv"):
            times += [float(row.split(";")[1]) for row in file.read_text().splitlines()[1:]]
        made = failed = 0
        for file in self._folder.glob("load_*_.csv"):
            last = list(csv.DictReader(file.read_text().splitlines(), delimiter=";"))[-1]
            made, failed = int(last["TotalCallCreated"]), int(last["FailedCall(C)"])
        return Outcome(made, failed, tuple(times))

    @property
    def errors(self) -> str:
        """What SIPp wrote about calls that failed."""
        return "".join(file.read_text(errors="replace") for file in self._folder.glob("*errors.log"))
