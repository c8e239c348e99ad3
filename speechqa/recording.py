"""A recording of a call: which file and channel carries whom, and what the phone system wrote about it.

``load_recording`` takes what people have: one stereo or mono file, one file per party, a call folder of the line,
or any vCon. Times are seconds from the start of the recording, which is the start of the file that began first.

A mono recording carries both people on one channel. It is laid in the agent's lane with ``layout`` "mono" and no roles;
``mono`` divides it by voice, and where that cannot be done nothing that compares the two people means anything.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Literal

import numpy as np

from speechqa.alignment import ALIGNED, EQUAL_WITHIN_S, UNPROVEN, FoundBy, Offset, find_offset
from speechqa.audio import BLOCK_S, AudioFile, Samples, open_audio, sha256_of
from speechqa.conversation import PARTIES, Party, exchanged, other
from speechqa.errors import RecordingMissing, RecordingUnreadable, RecordingUnsupported
from speechqa.measures.touchpoints import Step
from speechqa.timeline import Span, Timeline
from speechqa.twins import alternating, common_delay, same_sound, stretches

Layout = Literal["stereo", "two-files", "mono"]
LEFT, RIGHT = 0, 1
UNEVEN_S = 5.0
CLOCKS_APART = 300e-6
"""How much faster one sound card's clock may run than another's (share); good ones keep to 50e-6."""
MONO_NOTE = (
    "Mono recording: both people are on one channel and are not told apart; everything stands in the agent's"
    " lane, and overlaps, latency and talk share are not measured."
)


@dataclass(frozen=True, slots=True)
class Channel:
    """One person's sound: channel ``index`` of ``audio``, which begins ``offset_s`` into the recording (may be < 0)."""

    audio: AudioFile
    index: int
    offset_s: float = 0.0

    @property
    def sample_rate_hz(self) -> int:
        """The rate of the file."""
        return self.audio.sample_rate_hz

    @property
    def span(self) -> Span:
        """The part of the recording that this channel covers."""
        return Span(self.offset_s, self.offset_s + self.audio.duration_s)

    def read(self, span: Span, rate_hz: int | None = None) -> Samples:
        """The samples inside ``span`` of the recording, float32 mono; shorter where the file does not reach."""
        return self.audio.read(self.index, span.shifted(-self.offset_s), rate_hz)

    def blocks(self, rate_hz: int | None = None) -> Iterator[Samples]:
        """The whole channel in pieces of a few seconds; the first sample stands at ``offset_s``."""
        return self.audio.blocks(self.index, rate_hz)

    def samples(self, rate_hz: int | None = None) -> Samples:
        """The whole channel at once (4 bytes a sample: one hour at 8 kHz is 115 MB)."""
        return np.concatenate([*self.blocks(rate_hz), np.zeros(0, np.float32)])


@dataclass(frozen=True, slots=True)
class CallFacts:
    """What the call record says about the call itself; None where it says nothing.

    ``mos`` is what the phone system counted on the customer's side (ITU-T G.107), 1 … 4.5; ``steps`` are what happened
    on the line, in recording time.
    """

    id: str | None = None
    started: datetime | None = None
    agent: str | None = None
    customer: str | None = None
    mos: float | None = None
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class Recording:
    """One call's sound and what is known about it.

    ``roles`` are channel numbers (0 is left or the first file), None when one channel carries both people.
    ``announcements_in`` is when the agent's channel carries the machine instead of a person. ``sha256`` is that of the
    file, or of the parties' digests joined, agent first.
    """

    source: str
    sha256: str
    duration_s: float
    sample_rate_hz: int
    layout: Layout
    lanes: Mapping[Party, Channel]
    roles: Mapping[Party, int] | None
    roles_confidence: float | None = None
    roles_swapped: bool = False
    offset: Offset = ALIGNED
    announcements_in: Timeline = field(default_factory=Timeline)
    hold: Timeline = field(default_factory=Timeline)
    hung_up: Party | None = None
    language: str | None = None
    call: CallFacts | None = None
    notes: tuple[str, ...] = ()

    def swapped(self) -> Recording:
        """The same sound with the two people exchanged; what the record says about the machine stays with the agent."""
        if self.roles is None:
            return self
        return replace(
            self,
            lanes={party: self.lanes[other(party)] for party in self.lanes},
            roles={party: self.roles[other(party)] for party in self.roles},
            roles_swapped=not self.roles_swapped,
            offset=replace(self.offset, agent_s=self.offset.customer_s, customer_s=self.offset.agent_s),
            notes=tuple(map(exchanged, self.notes)),
        )

    def realigned(self, agent_later_s: float, confidence: float, found_by: FoundBy) -> Recording:
        """The same sound with the agent's channel beginning so much later against the customer's than it does now."""
        if set(self.lanes) != set(PARTIES):
            return self
        between_s = self.lanes["agent"].offset_s - self.lanes["customer"].offset_s + agent_later_s
        offset = Offset.of(between_s, confidence, found_by)
        lanes: dict[Party, Channel] = {
            "agent": replace(self.lanes["agent"], offset_s=offset.agent_s),
            "customer": replace(self.lanes["customer"], offset_s=offset.customer_s),
        }
        ends_s = max(lane.span.end_s for lane in lanes.values())
        outdated = (*_uneven_note(self.lanes), *_offset_note(self.offset))
        kept = (note for note in self.notes if note not in outdated)
        notes = (*kept, *_uneven_note(lanes), *_offset_note(offset))
        return replace(self, lanes=lanes, offset=offset, duration_s=ends_s, notes=notes)


def load_recording(
    source: Path | None = None,
    *,
    agent: Path | None = None,
    customer: Path | None = None,
    swap_roles: bool = False,
    offset_s: float | None = None,
) -> Recording:
    """Open a recording: ``source`` alone (sound file, vCon or call folder), or ``agent`` and ``customer`` files.

    ``offset_s`` says by how much the file given for the agent starts later than the customer's (negative: earlier);
    None has it found out. ``swap_roles`` exchanges the two people. Raises a RecordingError with one sentence.
    """
    recording = _opened(source, agent, customer, offset_s)
    return recording.swapped() if swap_roles else recording


def _opened(source: Path | None, agent: Path | None, customer: Path | None, offset_s: float | None) -> Recording:
    from speechqa.call_record import is_call_record, load_call_record

    if source is None:
        if agent is None or customer is None:
            raise RecordingMissing("Give one recording, or two files with both --agent and --customer.")
        return two_files(open_audio(agent), open_audio(customer), offset_s=offset_s)
    if agent is not None or customer is not None:
        raise RecordingMissing("Give either one recording or two files with --agent and --customer, not both.")
    if is_call_record(source):
        return load_call_record(source, offset_s=offset_s)
    recording = one_file(open_audio(source))
    return recording if offset_s is None else recording.realigned(offset_s, 1.0, "given")


def one_file(audio: AudioFile) -> Recording:
    """A stereo file (customer left, agent right) or a mono one."""
    if audio.channels == 1:
        return _mono(audio)
    sides = (Channel(audio, LEFT), Channel(audio, RIGHT))
    if _one_sound(*sides):
        return _mono(audio, "Both channels carry the same sound, so the file is treated as mono.")
    if alternating(_looked_at(*sides), audio.sample_rate_hz):
        raise RecordingUnreadable(
            f"{audio.name} is stereo by its header, but its channels are every other sample of one sound: the header is"
            " wrong; save it again from its source, as mono."
        )
    roles: dict[Party, int] = {"agent": RIGHT, "customer": LEFT}
    return Recording(
        source=audio.name,
        sha256=sha256_of(audio.content),
        duration_s=audio.duration_s,
        sample_rate_hz=audio.sample_rate_hz,
        layout="stereo",
        lanes={party: Channel(audio, roles[party]) for party in PARTIES},
        roles=roles,
        offset=Offset(0.0, 0.0, UNPROVEN, "one file"),
        notes=audio.notes,
    )


def two_files(agent: AudioFile, customer: AudioFile, *, offset_s: float | None = None) -> Recording:
    """One mono file per party; where they begin apart, the later one is moved."""
    for audio in (agent, customer):
        if audio.channels != 1:
            raise RecordingUnsupported(
                f"{audio.name} is stereo; with one file per person each must be mono, a stereo call is given alone."
            )
    if _one_sound(Channel(agent, 0), Channel(customer, 0)):
        twins = _mono(agent, "Both files carry the same sound, so they are treated as one mono recording.")
        names = f"{agent.name} and {customer.name}"
        return replace(twins, source=names, sha256=_joined_sha256(agent, customer))
    offset = find_offset(agent, customer) if offset_s is None else Offset.of(offset_s, 1.0, "given")
    lanes: dict[Party, Channel] = {
        "agent": Channel(agent, 0, offset.agent_s),
        "customer": Channel(customer, 0, offset.customer_s),
    }
    return Recording(
        source=f"{agent.name} and {customer.name}",
        sha256=_joined_sha256(agent, customer),
        duration_s=max(lane.span.end_s for lane in lanes.values()),
        sample_rate_hz=max(agent.sample_rate_hz, customer.sample_rate_hz),
        layout="two-files",
        lanes=lanes,
        roles={"customer": LEFT, "agent": RIGHT},
        offset=offset,
        notes=(
            *agent.notes,
            *customer.notes,
            *_uneven_note(lanes),
            *_drift_note(agent, customer),
            *_offset_note(offset),
        ),
    )


def _one_sound(one: Channel, two: Channel) -> bool:
    """Whether two channels are one sound twice: a few stretches tell for nearly all, the whole for the rest."""
    rate_hz = min(one.sample_rate_hz, two.sample_rate_hz)
    if abs(one.audio.duration_s - two.audio.duration_s) > EQUAL_WITHIN_S:
        return False
    if same_sound(_looked_at(one, two), rate_hz):
        return same_sound(zip(one.blocks(rate_hz), two.blocks(rate_hz), strict=False), rate_hz)
    delay = common_delay(_looked_at(one, two), rate_hz)
    if not delay:
        return False
    return same_sound(_one_after_the_other(one, two, delay, rate_hz), rate_hz)


def _one_after_the_other(one: Channel, two: Channel, delay: int, rate_hz: int) -> Iterator[tuple[Samples, Samples]]:
    """Both channels in blocks, the second read so many samples later; negative: earlier, its beginning is missing."""
    for start_s in np.arange(0.0, one.audio.duration_s, BLOCK_S).tolist():
        span = Span(start_s, start_s + BLOCK_S)
        a, b = one.read(span, rate_hz), two.read(span.shifted(delay / rate_hz), rate_hz)
        yield (a[-delay:] if delay < 0 and start_s == 0 else a), b


def _looked_at(one: Channel, two: Channel) -> Iterator[tuple[Samples, Samples]]:
    rate_hz = min(one.sample_rate_hz, two.sample_rate_hz)
    for start_s, end_s in stretches(min(one.audio.duration_s, two.audio.duration_s)):
        yield one.read(Span(start_s, end_s), rate_hz), two.read(Span(start_s, end_s), rate_hz)


def _mono(audio: AudioFile, *notes: str) -> Recording:
    return Recording(
        source=audio.name,
        sha256=sha256_of(audio.content),
        duration_s=audio.duration_s,
        sample_rate_hz=audio.sample_rate_hz,
        layout="mono",
        lanes={"agent": Channel(audio, 0)},
        roles=None,
        notes=(*audio.notes, *notes, MONO_NOTE),
    )


def _joined_sha256(agent: AudioFile, customer: AudioFile) -> str:
    digests = (sha256_of(agent.content), sha256_of(customer.content))
    return sha256_of("".join(digests).encode())


def _uneven_note(lanes: Mapping[Party, Channel]) -> tuple[str, ...]:
    """Where one side ends long before the other, its silence after that was not recorded."""
    first, last = sorted(PARTIES, key=lambda party: lanes[party].span.end_s)
    missing_s = lanes[last].span.end_s - lanes[first].span.end_s
    if missing_s <= UNEVEN_S:
        return ()
    return (
        f"The {first}'s file ends {missing_s:.1f} s before the {last}'s: what the {first} said after that is not known,"
        " and a silence there may be none.",
    )


def _drift_note(agent: AudioFile, customer: AudioFile) -> tuple[str, ...]:
    """Lengths that differ as they do where each side was recorded by a clock of its own."""
    apart_s, length_s = abs(agent.duration_s - customer.duration_s), max(agent.duration_s, customer.duration_s)
    if not EQUAL_WITHIN_S < apart_s <= CLOCKS_APART * length_s:
        return ()
    return (
        f"The two files differ in length by {apart_s:.2f} s in {length_s / 60:.0f} min, as where two clocks run apart"
        f" by {1e6 * apart_s / length_s:.0f} ppm: if so, the sides drift by as much, and so does what is measured"
        " between them (latency, overlaps).",
    )


def _offset_note(offset: Offset) -> tuple[str, ...]:
    if offset.agent_s == offset.customer_s or offset.found_by == "given":
        return ()
    later = "agent" if offset.agent_s > offset.customer_s else "customer"
    return (
        f"The {later}'s side starts {abs(offset.agent_s - offset.customer_s):.2f} s after the other"
        f" (found by {offset.found_by}, confidence {offset.confidence:.2f}); correct it with --offset.",
    )
