"""Which engines listen, and how: the part of the settings that listening needs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from clearline.settings import SettingsError, load_settings
from speechqa.conversation import PARTIES, Party
from speechqa.errors import EngineError, LanguageUnsupported
from speechqa.languages import SAME

LANGUAGE = re.compile(r"[a-z]{2,3}")


@dataclass(frozen=True, slots=True)
class ListeningSettings:
    """What an operator can set for listening.

    ``model``: a Whisper model folder (CTranslate2), ``base-multilingual`` for the packaged one, or a name that
    faster-whisper downloads; None for the packaged English one. ``vosk_model``: a Vosk model folder; when set and
    ``model`` is not, Vosk recognises. ``language``: two-letter code of the call's language, None for what the call
    record says or what is heard. ``among``: the languages that can be heard, empty for any. ``by_party``: the language
    of one party, which wins. ``threads`` 0 lets the engine take every core. ``cache``: the folder for models that are
    put together, None for the usual one. ``diarize``: tell the two people on a mono recording apart.
    """

    model: str | None = None
    vosk_model: Path | None = None
    language: str | None = None
    beam_size: int = 1
    threads: int = 0
    among: tuple[str, ...] = ()
    by_party: Mapping[Party, str] = field(default_factory=dict)
    cache: Path | None = None
    diarize: bool = True

    @property
    def named_languages(self) -> tuple[str, ...]:
        """Every language that the operator named."""
        return tuple(dict.fromkeys([*filter(None, [self.language]), *self.among, *self.by_party.values()]))

    def language_of(self, party: Party) -> str | None:
        """The language that is set for a party."""
        return self.by_party.get(party, self.language)

    @classmethod
    def read(
        cls,
        *,
        model: str | None = None,
        language: str | None = None,
        agent_language: str | None = None,
        customer_language: str | None = None,
        diarize: bool | None = None,
    ) -> ListeningSettings:
        """From the installation's settings (file, environment); what is given here wins.

        ``language``: one code, or several with commas between them, of which one is spoken at a time. Raises
        EngineError.
        """
        try:
            settings = load_settings()
        except SettingsError as error:
            raise EngineError(f"{str(error).rstrip('.')}.") from None
        heard = settings.listening
        spoken = _codes(language or heard.language)
        agents, customers = agent_language or heard.agent_language, customer_language or heard.customer_language
        sides: dict[Party, str | None] = {"agent": agents, "customer": customers}
        return cls(
            model=model or heard.model,
            vosk_model=settings.vosk_model,
            language=spoken[0] if len(spoken) == 1 else None,
            among=spoken if len(spoken) > 1 else (),
            by_party={party: _code(code) for party in PARTIES if (code := sides[party])},
            cache=settings.cache / "models" if settings.cache else None,
            diarize=heard.diarize if diarize is None else diarize,
        )


def _codes(given: str | None) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_code(each) for each in given.split(","))) if given else ()


def _code(given: str) -> str:
    code = given.strip().casefold()
    if not LANGUAGE.fullmatch(code):
        raise LanguageUnsupported(f"{given!r} is not a language; give its code, such as en, uk or nb.")
    return SAME.get(code, code)
