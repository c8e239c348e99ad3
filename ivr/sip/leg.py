"""A caller on SIP as the session wants it: plays, records both sides in step, rings and bridges an agent.

Both recorders hear a looping silence from the start: a recorder writes nothing while its call is on hold, and the two
files must stay in step.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from pathlib import Path

from ivr.events import (
    CallerHungUp,
    DigitPressed,
    PromptEnded,
    SpeechHeard,
    SpeechStarted,
    TransferAnswered,
    TransferEnded,
    TransferFailed,
    TransferFailure,
)
from ivr.hearing import Ears, Understanding, Understood
from ivr.leg import AgentPressed, CallerHeld, LegNotice
from ivr.network import Side
from ivr.sip.call import Ended, SipCall
from ivr.sip.endpoint import Endpoint
from ivr.sip.errors import NotACallable
from ivr.sip.media import Ear, Player, Plug, Recorder, Switchboard, Tap, WaitingSound
from ivr.sip.outgoing import Rings
from ivr.sip.prompt_player import PromptPlayer
from ivr.sip.waiting_tone import WaitingTone

FAILURES: dict[int, TransferFailure] = {
    486: "busy",
    600: "busy",
    480: "no_answer",
    408: "no_answer",
    487: "no_answer",
    603: "declined",
    403: "declined",
}
_NO_LEG_FREE = "too many"

log = logging.getLogger(__name__)


class SipLeg:
    """One answered call. ``clock`` gives seconds since the answer; ``origin_s`` is the answer in monotonic seconds."""

    def __init__(
        self,
        endpoint: Endpoint,
        account: Rings,
        call: SipCall,
        silence: Player,
        waiting: WaitingSound,
        tell: Callable[[LegNotice], None],
        clock: Callable[[], float],
        origin_s: float,
        understanding: Understanding,
    ) -> None:
        self._endpoint = endpoint
        self._account = account
        self._call = call
        self._silence = silence
        self._tell = tell
        self._clock = clock
        self._origin_s = origin_s
        self._board = Switchboard()
        self._prompts = PromptPlayer(endpoint, self._board, self._prompt_begun, self._prompt_ended, self._sound_ringing)
        self._tone = WaitingTone(endpoint, self._board, waiting)
        self._heard: Recorder | None = None
        self._said: Recorder | None = None
        self._hiding = False
        self._message: tuple[Recorder, Ear] | None = None
        self._understanding = understanding
        self._listening: tuple[Tap, Ears] | None = None
        self._agent: SipCall | None = None
        self._waiting = False
        self._bridged = False
        self._early = False
        self._briefing: Player | None = None
        self._transfer = 0
        self.vanished = False
        self.over = False
        call.on_digit = lambda digit, at: tell(DigitPressed(at - origin_s, digit))
        call.on_hold = lambda held: tell(CallerHeld(clock(), held))
        call.on_media = lambda: self._board.renew(call)
        call.on_ended = self._caller_ended

    @property
    def caller(self) -> str:
        """The caller's SIP URI."""
        return self._call.remote_uri

    @property
    def called(self) -> str:
        """The SIP URI that was rung."""
        return self._call.local_uri

    @property
    def calls(self) -> tuple[SipCall, ...]:
        """The caller, and the agent once rung."""
        return (self._call,) if self._agent is None else (self._call, self._agent)

    def play(self, serial: int, files: Sequence[Path], more: bool = False) -> None:
        """Play these files instead of what plays now; a file that cannot be played ends the prompt at once."""
        self._prompts.play(serial, files, more)

    def play_on(self, serial: int, files: Sequence[Path], more: bool = False) -> None:
        """The next files; they are heard at once when all before them are over."""
        self._prompts.play_on(serial, files, more)

    def stop_playing(self) -> None:
        """Fall silent at once; the ringing of a transfer or a queue is heard again."""
        self._prompts.stop()

    def _prompt_begun(self, player: Player) -> None:
        self._sound_ringing()  # a prompt during the ringing is not sung over
        self._to_caller(player)

    def _prompt_ended(self, serial: int) -> None:
        self._tell(PromptEnded(self._clock(), serial))

    def start_recording(self, caller: Path, agent: Path) -> None:
        """Both recorders first, then both to the silence, back to back: the bridge starts them with the same frame."""
        if self._said is not None or self.over:
            return
        said, heard = Recorder(self._endpoint, caller), Recorder(self._endpoint, agent)
        self._board.connect(self._silence, said, heard)
        self._said, self._heard = said, heard
        if not self._hiding:
            self._let_recorders_hear()

    def start_hiding(self) -> None:
        """Both recorders hear the silence alone."""
        self._hiding = True
        for recorder in (self._said, self._heard):
            if recorder is not None:
                self._board.only(self._silence, recorder)

    def stop_hiding(self) -> None:
        """Both recorders hear what there is to hear again."""
        self._hiding = False
        self._let_recorders_hear()

    def stop_recording(self) -> None:
        """End both files."""
        said, heard, self._said, self._heard = self._said, self._heard, None, None
        self._board.drop(said, heard)

    def start_message(self, file: Path) -> None:
        """Record the caller alone and watch for silence."""
        if self.over:
            return
        recorder, ear = Recorder(self._endpoint, file), Ear(self._endpoint)
        self._message = (recorder, ear)
        self._board.connect(self._silence, recorder, ear)
        self._board.connect(self._call, recorder, ear)

    def message_silence_s(self) -> float:
        """Seconds since the caller last spoke, by energy."""
        return self._message[1].meter.silent_s if self._message else 0.0

    def stop_message(self) -> None:
        """End the message's file."""
        if self._message is not None:
            self._board.drop(*self._message)
            self._message = None

    def start_listening(self, serial: int, phrases: tuple[str, ...], language: str) -> None:
        """Tap the caller's audio into the recogniser."""
        self.stop_listening()
        if self.over:
            return

        def started() -> None:
            self._tell(SpeechStarted(self._clock(), serial))

        def heard(words: Understood) -> None:
            self._tell(SpeechHeard(self._clock(), serial, words.text, words.confidence))

        ears = Ears(self._understanding, phrases, language, started, heard)
        tap = Tap(self._endpoint, ears.hear)
        self._listening = (tap, ears)
        self._board.connect(self._silence, tap)
        self._board.connect(self._call, tap)

    def stop_listening(self) -> None:
        """Let go of the tap; what was being recognised is dropped."""
        listening, self._listening = self._listening, None
        if listening is not None:
            listening[1].close()
            self._board.drop(listening[0])

    def start_waiting(self) -> None:
        """Ringing between the prompts."""
        self._waiting = not self.over
        if self._tone.tone is None:
            self._sound_ringing()

    def stop_waiting(self) -> None:
        """Ringing only while an agent is rung."""
        self._waiting = False
        self._sound_ringing()

    @property
    def briefs(self) -> bool:
        """Whether the agent hears a briefing now."""
        return self._briefing is not None

    def ring(self, serial: int, uri: str, briefing: Sequence[Path] = ()) -> None:
        """Ring an agent while the caller hears ringing."""
        try:
            agent = self._account.ring(uri)
        except NotACallable as error:
            reason: TransferFailure = "busy" if _NO_LEG_FREE in str(error).lower() else "unreachable"
            self._tell(TransferFailed(self._clock(), serial, reason))
            return
        self._agent, self._transfer = agent, serial
        if self._tone.tone is None:
            self._sound_ringing()
        agent.on_connected = lambda: self._agent_answered(serial, briefing)
        agent.on_media = lambda: self._agent_heard(agent)
        agent.on_digit = lambda digit, at: self._tell(AgentPressed(at - self._origin_s, digit))
        agent.on_ended = lambda ended: self._agent_ended(serial, ended)

    def stop_ringing(self) -> None:
        """Give the transfer up, or end the conversation."""
        agent = self._let_go_of_agent()
        if agent is not None:
            agent.forget()
            self._board.disconnect(agent)
            agent.hang_up()

    def hang_up(self) -> None:
        """End the call and everything about it."""
        self._release()
        self._call.hang_up()

    def lost(self, call: SipCall) -> None:
        """No audio comes from this call any more: it is over at once, whatever SIP still hopes for."""
        if call is self._call:
            self.vanished = True
            self._caller_gone()
            call.hang_up()
        elif call is self._agent:
            bridged = self._bridged
            self.stop_ringing()
            at_s, serial = self._clock(), self._transfer
            self._tell(TransferEnded(at_s, serial) if bridged else TransferFailed(at_s, serial, "unreachable"))

    @property
    def sides(self) -> tuple[tuple[Side, SipCall], ...]:
        """Who is on the line, by side: the caller, and the agent once bridged."""
        agent = self._talking_agent()
        return (("customer", self._call),) if agent is None else (("customer", self._call), ("agent", agent))

    def _let_recorders_hear(self) -> None:
        if self._said is None or self._heard is None or self.over:
            return
        self._board.connect(self._call, self._said)
        for source in (self._prompts.player, self._tone.tone, self._talking_agent()):
            if source is not None:
                self._board.connect(source, self._heard)

    def _to_caller(self, source: Plug) -> None:
        self._board.connect(source, self._call)
        if self._heard is not None and not self._hiding:
            self._board.connect(source, self._heard)

    def _talking_agent(self) -> SipCall | None:
        return self._agent if self._bridged else None

    def _agent_answered(self, serial: int, briefing: Sequence[Path]) -> None:
        """To the agent alone first what is to be known of the caller; the caller hears ringing meanwhile."""
        agent = self._agent
        if agent is None or self.over:
            return
        self._end_early(agent)
        if not briefing:
            self._bridge(serial)
            return
        try:
            self._briefing = Player(self._endpoint, briefing, ended=lambda: self._bridge(serial))
        except OSError as error:
            log.error("%s; the agent is not briefed", error)
            self._bridge(serial)
            return
        self._board.connect(self._briefing, agent)

    def _agent_heard(self, agent: SipCall) -> None:
        """Audio before the answer (early media): the caller hears it instead of our ringing, where the trunk wants it.

        Not for who waits in a queue with music or prompts, and not what is only for the agent's ear.
        """
        self._board.renew(agent)
        early = agent.manners.early_media and not agent.answered and agent.port is not None
        if early and agent is self._agent and not self._waiting:
            self._early = True
            self._tone.hush()
            self._to_caller(agent)

    def _bridge(self, serial: int) -> None:
        if self._agent is None or self.over:
            return
        self._end_briefing()
        self._bridged, self._waiting = True, False
        self._tone.hush()
        self._to_caller(self._agent)
        self._board.connect(self._call, self._agent)
        self._tell(TransferAnswered(self._clock(), serial))

    def _end_early(self, agent: SipCall) -> None:
        """The agent picked up: heard from now on only when bridged."""
        if self._early:
            self._early = False
            self._board.disconnect(agent)
            self._sound_ringing()

    def _end_briefing(self) -> None:
        briefing, self._briefing = self._briefing, None
        self._board.drop(briefing)

    def _let_go_of_agent(self) -> SipCall | None:
        agent, self._agent = self._agent, None
        self._bridged = self._early = False
        self._end_briefing()
        if not self._waiting:
            self._tone.hush()
        return agent

    def _agent_ended(self, serial: int, ended: Ended) -> None:
        bridged = self._bridged
        agent = self._let_go_of_agent()
        if agent is not None:
            self._board.disconnect(agent)
        if bridged:
            self._tell(TransferEnded(self._clock(), serial))
        elif ended.was_answered:
            self._tell(TransferFailed(self._clock(), serial, "declined"))
        else:
            self._tell(TransferFailed(self._clock(), serial, FAILURES.get(ended.status, "unreachable")))

    def _caller_ended(self, ended: Ended) -> None:
        if ended.by_us:
            self._release()
        else:
            self.vanished = ended.status not in (0, 200, 487)
            self._caller_gone()
        self.over = True

    def _caller_gone(self) -> None:
        if not self.over:
            self._release()
            self._tell(CallerHungUp(self._clock()))

    def _release(self) -> None:
        self._waiting = False
        self.stop_playing()
        self.stop_ringing()
        self.stop_listening()
        self.stop_message()
        self.stop_recording()
        self._tone.close()
        self.over = True

    def _sound_ringing(self) -> None:
        """Ringing or music, where it is due and nothing is said."""
        self._tone.hush()
        rings = self._waiting or (self._agent is not None and not self._bridged and not self._early)
        if rings and not self._prompts.busy:
            self._to_caller(self._tone.start())
