"""A typed fake of a call's leg: remembers what was asked, tells what a test says; time stands still unless moved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ivr.leg import CallLeg


@dataclass
class Clock:
    """Seconds since the answer, moved by the test."""

    now_s: float = 0.0

    def __call__(self) -> float:
        return self.now_s


@dataclass
class FakeLeg:
    """What the session asked for, in order, as tuples that begin with the verb."""

    caller: str = "sip:+4712345678@10.0.0.7"
    called: str = "sip:service@10.0.0.1"
    vanished: bool = False
    silence_s: float = 0.0
    disk_full: bool = False
    briefs: bool = False
    asked: list[tuple[object, ...]] = field(default_factory=list)

    def play(self, serial: int, files: Sequence[Path], more: bool = False) -> None:
        self.asked.append(("play", serial, *(file.name for file in files)))

    def play_on(self, serial: int, files: Sequence[Path], more: bool = False) -> None:
        self.asked.append(("play_on", serial, *(file.name for file in files), more))

    def stop_playing(self) -> None:
        self.asked.append(("stop_playing",))

    def start_recording(self, caller: Path, agent: Path) -> None:
        self._write(caller, agent)
        self.asked.append(("start_recording",))

    def stop_recording(self) -> None:
        self.asked.append(("stop_recording",))

    def start_hiding(self) -> None:
        self.asked.append(("start_hiding",))

    def stop_hiding(self) -> None:
        self.asked.append(("stop_hiding",))

    def start_message(self, file: Path) -> None:
        self._write(file)
        self.asked.append(("start_message", file.name))

    def message_silence_s(self) -> float:
        return self.silence_s

    def stop_message(self) -> None:
        self.asked.append(("stop_message",))

    def start_listening(self, serial: int, phrases: tuple[str, ...], language: str) -> None:
        self.asked.append(("start_listening", serial, phrases, language))

    def stop_listening(self) -> None:
        self.asked.append(("stop_listening",))

    def ring(self, serial: int, uri: str, briefing: Sequence[Path] = ()) -> None:
        self.asked.append(("ring", uri, *(file.name for file in briefing)))

    def start_waiting(self) -> None:
        self.asked.append(("start_waiting",))

    def stop_waiting(self) -> None:
        self.asked.append(("stop_waiting",))

    def stop_ringing(self) -> None:
        self.asked.append(("stop_ringing",))

    def hang_up(self) -> None:
        self.asked.append(("hang_up",))

    def _write(self, *files: Path) -> None:
        if self.disk_full:
            raise OSError(28, "No space left on device")
        for file in files:
            file.write_bytes(b"")

    def verbs(self) -> list[object]:
        return [asked[0] for asked in self.asked]


_: type[CallLeg] = FakeLeg
