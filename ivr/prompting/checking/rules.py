"""What is wrong with a prompt, from its figures. Pure: values in, problems out."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence

from clearline.pace import FEWEST_WORDS, RUSHED_SPS, RUSHED_WPM, SLOW_SPS, SLOW_WPM
from clearline.tone import Breach, ToneRules, breaches, unused
from ivr.prompting.checking.comparing import Comparison
from ivr.prompting.checking.problems import Problem, Severity
from ivr.prompting.checking.sound import Sound

_Told = Callable[[Severity, str, str, str, str], Problem]

LEVEL_WITHIN_DB, LEVELS_WITHIN_DB = 1.0, 2.0
PEAK_DBFS = -2.9
CLIPPED_RATIO = 0.001
SNR_ERROR_DB, SNR_WARNING_DB = 15.0, 30.0
NOISE_DBOV = -55.0
LEAD_S, TAIL_S, PAUSE_S = 0.3, 0.6, 2.0
LONGEST_S = 20.0
SHORTEST_JUDGED_S = 5.0
"""Pace is not judged on less speaking time: as little as makes a burst of an agent's."""
IN_BAND_DB = -6.0
MUFFLED_HZ = 2500.0
WER_WARNING, WER_ERROR = 0.1, 0.5
FEWEST_ERRORS = 2


def of_sound(sound: Sound, prompt: str, language: str, level_dbov: float) -> Iterator[Problem]:
    """Level, clipping, noise, silence, length, pace, keys and band of one prompt's audio."""

    def told(severity: Severity, rule: str, what: str, why: str, remedy: str) -> Problem:
        return Problem(severity, rule, prompt, language, what, why, remedy)

    if not math.isfinite(sound.level_dbov):
        yield told(
            "error", "silent", "there is no speech in it", "The caller hears nothing.", "Make or record it again."
        )
        return
    if abs(sound.level_dbov - level_dbov) > LEVEL_WITHIN_DB:
        yield told(
            "error",
            "level",
            f"its level is {sound.level_dbov:.1f} dBov, not {level_dbov:g} ± {LEVEL_WITHIN_DB:g}",
            "Prompts that jump in loudness make callers hold the phone away, or miss words.",
            "Delete it from the cache so that it is made again.",
        )
    if sound.peak_dbfs > PEAK_DBFS:
        yield told(
            "warning",
            "peak",
            f"its peaks reach {sound.peak_dbfs:.1f} dBFS",
            "Peaks close to full scale distort in the network.",
            "Delete it from the cache so that it is made again.",
        )
    yield from _noise(sound, told)
    yield from _silence(sound, told)
    if sound.duration_s > LONGEST_S:
        yield told(
            "warning",
            "length",
            f"it lasts {sound.duration_s:.1f} s",
            "Callers do not keep more than 20 s of talk in mind.",
            "Say less, or cut it into two prompts.",
        )
    yield from _pace(sound, language, told)
    for key in sound.keys:
        yield told(
            "error",
            "talk_off",
            f"at {key.start_s:.2f} s a receiver hears the key {key.key} in it",
            "A voice that sounds like a key presses it: in a menu, a bridge or a mailbox at the other end.",
            "Change the pitch of the voice a little, or record the sentence again.",
        )
    yield from _band(sound, told)


def of_take(sound: Sound, prompt: str, language: str) -> Iterator[Problem]:
    """Clipping and noise of a recorded take, before anything was done to it."""
    if sound.clipped_ratio > CLIPPED_RATIO:
        yield Problem(
            "error",
            "clipped",
            prompt,
            language,
            f"{100 * sound.clipped_ratio:.1f} % of the recording's samples are clipped",
            "Clipping crackles, and nothing repairs it afterwards.",
            "Record it again with the gain turned down.",
        )

    def told(severity: Severity, rule: str, what: str, why: str, remedy: str) -> Problem:
        return Problem(severity, rule, prompt, language, what, why, remedy)

    yield from _noise(sound, told)


def of_pieces(missing: Sequence[str], of: int, prompt: str, language: str) -> Iterator[Problem]:
    """Pieces of a text with gaps that are not recorded, where others are."""
    if missing and len(missing) < of:
        what = f"only {of - len(missing)} of its {of} pieces are recorded, so the voice says all of it"
        why = "A recording that nobody hears, and another voice than the prompts beside it."
        remedy = f"Record {', '.join(missing)} too (ivr prompts script), or take out pieces:."
        yield Problem("warning", "pieces_missing", prompt, language, what, why, remedy)


def of_comparison(found: Comparison, prompt: str, language: str, *, sure: bool, recorded: bool) -> Iterator[Problem]:
    """Words that are heard otherwise. ``sure``: voice and recogniser are good enough for a single word to count."""
    if found.errors < FEWEST_ERRORS:
        return
    rate = found.word_error_rate
    if rate > WER_ERROR and found.words >= FEWEST_WORDS and (sure or recorded):
        severity: Severity = "error"
    elif sure and rate > WER_WARNING:
        severity = "warning"
    elif rate > WER_ERROR:
        severity = "note"
    else:
        return
    said, heard = found.otherwise
    yield Problem(
        severity,
        "heard_otherwise",
        prompt,
        language,
        f"{found.errors} of {found.words} words are heard otherwise: “{_short(said)}” as “{_short(heard)}”",
        "What a recogniser mistakes on a telephone line, some callers mistake too; or the recording says another text.",
        "Listen to it; give the words under pronunciation: in brand.yaml, slow down, or record it again."
        if not recorded
        else "Listen to it, and record this text again.",
    )


def of_keys(found: Comparison, prompt: str, language: str, *, sure: bool) -> Iterator[Problem]:
    """Digits that the text says and nobody hears."""
    missed = [each.word.strip(".,;:!?") for each in found.text if each.differs]
    keys = [word for word in missed if word.isdigit()]
    if keys and sure:
        yield Problem(
            "error",
            "key_unheard",
            prompt,
            language,
            f"the key {', '.join(keys)} is not heard",
            "A caller who mishears a key chooses something else.",
            "Put the key last in its sentence, and a pause before it.",
        )


def of_text(text: str, prompt: str, rules: ToneRules) -> Iterator[Problem]:
    """The brand's tone, in one text."""
    for breach in breaches(text, rules):
        yield _breach(breach, prompt, rules)


def of_language(texts: Sequence[str], rules: ToneRules) -> Iterator[Problem]:
    """Words that the brand wants to be used, and no prompt uses."""
    for word in unused(texts, rules):
        yield Problem(
            "warning",
            "tone_unused",
            "",
            rules.language,
            f"no prompt says “{word}”",
            "The brand asks for it under tone: use.",
            "Say it in a prompt, or take it out of brand.yaml.",
        )


def of_catalogue(ids: Mapping[str, Sequence[str]], voices: Sequence[str]) -> Iterator[Problem]:
    """Languages without a catalogue, and prompts that some languages have and others lack.

    ``ids`` are the prompts of each language, ``voices`` the languages that the brand has a voice for.
    """
    why = "A caller in this language hears nothing there."
    for language in voices:
        if language not in ids:
            what = f"there is a voice, but no {language}.yaml"
            yield Problem(
                "error", "no_catalogue", "", language, what, why, f"Write {language}.yaml, or take the voice out."
            )
    for language, own in ids.items():
        for prompt in dict.fromkeys(each for others in ids.values() for each in others):
            if prompt not in own:
                having = ", ".join(other for other, others in ids.items() if prompt in others)
                what = f"it is missing; it is there in {having}"
                yield Problem("error", "missing", prompt, language, what, why, f"Add {prompt} to {language}.yaml.")


def of_keys_named(keys: Mapping[str, Mapping[str, str]]) -> Iterator[Problem]:
    """Prompts whose languages name different digits: prompt -> language -> its digits in order."""
    for prompt, by_language in keys.items():
        written = [digits for digits in by_language.values() if digits]
        if not written:
            continue
        usual = max(dict.fromkeys(written), key=written.count)
        for language, digits in by_language.items():
            if digits and digits != usual:
                what = f"it names {' '.join(digits)}, other languages {' '.join(usual)}"
                why = "The same keys hold in every language of a flow."
                yield Problem("error", "keys_differ", prompt, language, what, why, "Make the texts agree.")


def of_levels(levels: Mapping[tuple[str, str], float]) -> Iterator[Problem]:
    """Prompts of one brand that are too far apart: (prompt, language) -> dBov."""
    finite = {key: level for key, level in levels.items() if math.isfinite(level)}
    if not finite:
        return
    (soft, soft_in), (loud, loud_in) = min(finite, key=lambda k: finite[k]), max(finite, key=lambda k: finite[k])
    apart = finite[loud, loud_in] - finite[soft, soft_in]
    if apart > LEVELS_WITHIN_DB:
        yield Problem(
            "error",
            "levels_apart",
            loud,
            loud_in,
            f"it is {apart:.1f} dB louder than {soft} ({soft_in})",
            "Prompts follow each other in one call, and such a step is heard.",
            "Delete both from the cache so that they are made again.",
        )


def _noise(sound: Sound, told: _Told) -> Iterator[Problem]:
    snr = sound.snr_db
    if snr is None or sound.noise_dbov is None:
        return
    if snr < SNR_WARNING_DB:
        yield told(
            "error" if snr < SNR_ERROR_DB else "warning",
            "noise",
            f"the speech is only {snr:.0f} dB over its noise",
            "Noise behind a voice tires, and low bit rates turn it into warbling.",
            "Record it again in a quiet room, nearer to the microphone.",
        )
    elif sound.noise_dbov > NOISE_DBOV:
        yield told(
            "warning",
            "noise_floor",
            f"between its words there is noise of {sound.noise_dbov:.0f} dBov",
            "It is heard as hiss that comes and goes with the prompt.",
            "Record it again in a quiet room.",
        )


def _silence(sound: Sound, told: _Told) -> Iterator[Problem]:
    for rule, seconds, limit, where in (
        ("leading_silence", sound.lead_s, LEAD_S, "before it"),
        ("trailing_silence", sound.tail_s, TAIL_S, "after it"),
        ("long_pause", sound.longest_pause_s, PAUSE_S, "inside it"),
    ):
        if seconds > limit:
            what = f"there are {seconds:.1f} s of silence {where}"
            why = "Silence on the line is taken for a lost call, or for the turn to speak."
            yield told("warning", rule, what, why, "Cut it off, or shorten the pause.")


def _pace(sound: Sound, language: str, told: _Told) -> Iterator[Problem]:
    if sound.words < FEWEST_WORDS or sound.speaking_s < SHORTEST_JUDGED_S:
        return
    english = language.split("-")[0] == "en"
    rate = sound.words_per_minute if english else sound.syllables_per_second
    slow, rushed, unit = (
        (SLOW_WPM, RUSHED_WPM, "words a minute") if english else (SLOW_SPS, RUSHED_SPS, "syllables a second")
    )
    if rate is None or slow <= rate <= rushed:
        return
    fast = rate > rushed
    yield told(
        "warning",
        "too_fast" if fast else "too_slow",
        f"it is spoken at {rate:.{0 if english else 1}f} {unit}",
        f"As with agents, more than {rushed:g} {unit} are rushed, and less than {slow:g} drag.",
        f"Turn the voice's speed {'down' if fast else 'up'} in brand.yaml, or record it again.",
    )


def _band(sound: Sound, told: _Told) -> Iterator[Problem]:
    if sound.in_band_db < IN_BAND_DB:
        yield told(
            "warning",
            "outside_band",
            f"the telephone's 300-3400 Hz keep only {sound.in_band_db:.1f} dB of it",
            "What lies outside is not heard on a phone, so the prompt is softer there than its level says.",
            "Use a brighter voice, or record it again with less bass.",
        )
    if sound.duration_s >= 1 and sound.upper_hz < MUFFLED_HZ:
        yield told(
            "warning",
            "muffled",
            f"nothing is heard in it above {sound.upper_hz:.0f} Hz",
            "Without the upper octave s, f and th cannot be told apart.",
            "Record it again, or find the filter that took it.",
        )


def _breach(breach: Breach, prompt: str, rules: ToneRules) -> Problem:
    severity: Severity = "warning" if breach.rule == "long_sentence" else "error"
    what, remedy = {
        "avoid": (
            f"it says “{breach.quote}”",
            f"Say: {breach.say_instead}." if breach.say_instead else "Leave it out.",
        ),
        "formality": (f"“{breach.quote}” is not {rules.formality}", f"Address callers in the {rules.formality} way."),
        "long_sentence": (f"a sentence is too long: {breach.quote}", "Cut it into two."),
    }[breach.rule]
    return Problem(
        severity, f"tone_{breach.rule}", prompt, rules.language, what, "The brand's tone rules it out.", remedy
    )


def _short(words: str, most: int = 80) -> str:
    return words if len(words) <= most else words[: most - 1] + "…"
