"""The sound of each side of a recording: level, noise, clipping, lost packets, bandwidth, a dead line.

Every measure reads the channel in blocks, so a long call costs time in proportion and no memory.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from speechqa.analysis import ChannelLoss, PartyQuality, Quality
from speechqa.conversation import Party
from speechqa.engines.bleed import Bleed
from speechqa.engines.prosody import voices_of
from speechqa.hearing import Heard
from speechqa.measures import bandwidth, dead_line, level, loss
from speechqa.recording import Channel
from speechqa.timeline import Timeline

LEAST_SNR_DB = 10.0
"""Below this the pitch that is found may be the noise's."""
NOISY = "The {}'s side is too noisy to hear the pitch of the voice: emotion and monotone rest on words alone."


@dataclass(frozen=True, slots=True)
class ChannelSound:
    """What was measured of one channel; ``nothing`` is when it carried no signal."""

    level: level.Level
    loss: loss.Loss
    bandwidth: bandwidth.Bandwidth
    nothing: Timeline


def sounds_of(heard: Heard) -> Mapping[Party, ChannelSound]:
    """Every channel of the recording, measured."""
    quiet = level.quiet_of(heard.conversation)
    speech = heard.conversation.speech
    return {party: _sound(lane, speech.get(party, Timeline()), quiet) for party, lane in heard.recording.lanes.items()}


def _sound(lane: Channel, speech: Timeline, quiet: Timeline) -> ChannelSound:
    rate_hz, offset_s = lane.sample_rate_hz, lane.offset_s
    loudness = level.measure(lane.blocks(), rate_hz, quiet, offset_s=offset_s)
    return ChannelSound(
        loudness,
        loss.measure(lane.blocks(), rate_hz, loudness.active_level_dbov, offset_s=offset_s),
        bandwidth.measure(lane.blocks(), rate_hz, speech, quiet, offset_s=offset_s),
        dead_line.no_signal(lane.blocks(), rate_hz, offset_s=offset_s),
    )


def with_dead_line(heard: Heard, sounds: Mapping[Party, ChannelSound]) -> Heard:
    """The same with the time in which the line carried nothing."""
    silent = {party: sound.nothing for party, sound in sounds.items()}
    lanes = {party: lane.span for party, lane in heard.recording.lanes.items()}
    dead = dead_line.measure(heard.conversation, silent, lanes)
    return replace(heard, conversation=replace(heard.conversation, dead_line=dead))


def with_voices(heard: Heard, sounds: Mapping[Party, ChannelSound], wanted: Mapping[Party, Timeline]) -> Heard:
    """The same with how the voices sound where that is wanted; not where two share a channel, nor in noise that has a
    pitch of its own.
    """
    lanes = heard.recording.lanes
    if heard.recording.layout == "mono":
        return heard
    asked = {party: speech for party, speech in wanted.items() if speech and party in sounds}
    noisy = [party for party in asked if (sounds[party].level.snr_db or 0.0) < LEAST_SNR_DB]
    voices = {party: voices_of(lanes[party], speech) for party, speech in asked.items() if party not in noisy}
    notes = tuple(NOISY.format(party) for party in noisy)
    conversation = replace(heard.conversation, voices=voices)
    return replace(heard, conversation=conversation, notes=(*heard.notes, *notes))


def quality_of(heard: Heard, mono: bool, sounds: Mapping[Party, ChannelSound] | None = None) -> Quality:
    """The document's form of it; ``mono``: one channel carries both people; told apart, each has it."""
    sounds = sounds_of(heard) if sounds is None else sounds
    sides = {party: _party(sound, heard.bleed.get(party)) for party, sound in sounds.items()}
    if heard.divided:
        sides["customer"] = sides["agent"]
    one_way = None if mono else level.one_way(heard.conversation)
    call = heard.recording.call
    return Quality(sides.get("agent"), sides.get("customer"), one_way, call.mos if call else None)


def _party(sound: ChannelSound, bleed: Bleed | None) -> PartyQuality:
    return PartyQuality(
        active_level_dbov=sound.level.active_level_dbov,
        snr_db=sound.level.snr_db,
        clipped_ratio=sound.level.clipped_ratio,
        noise_dbov=sound.level.noise_dbov,
        dc_offset=sound.level.dc_offset,
        bandwidth_hz=sound.bandwidth.upper_hz,
        band=sound.bandwidth.band,
        loss=ChannelLoss(sound.loss.count, sound.loss.total_s, sound.loss.gaps),
        bleed_db=bleed.gain_db if bleed else None,
        bleed_delay_s=bleed.delay_s if bleed else None,
    )
