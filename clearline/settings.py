"""The one settings object: read once, at the edge; nothing else reads the environment.

Sources, nearest wins: command-line options, the environment (``CLEARLINE_CALLS=/srv/calls``), the file named by
``CLEARLINE_CONFIG`` (default ``clearline.toml`` in the working directory), the defaults below.

Errors::

    SettingsError   a value of the wrong type, an unknown name, or a file that is not TOML; one sentence, says where
"""

from __future__ import annotations

import os
import tomllib
from pathlib import Path
from typing import Any, Literal

from pydantic import AliasChoices, BaseModel, ConfigDict, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

CONFIG_VARIABLE = "CLEARLINE_CONFIG"
CONFIG_FILE = "clearline.toml"


class SettingsError(ValueError):
    """The settings cannot be used; the message names the setting and where it was read."""


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class CallsOutSection(_Section):
    """Limits of calls out (transfers, queues, ``ivr ring``), over all cells; 0 is no limit."""

    at_once: int = Field(default=50, ge=0)
    calls_per_hour: int = Field(default=500, ge=0)
    minutes_per_day: int = Field(default=5000, ge=0)
    prefixes: tuple[str, ...] = ()  # what a number must begin with, such as ("+47", "+46"); empty: any number


class LineSection(_Section):
    """The phone line: where it listens, what it runs, whom it may ring."""

    bind: str = "127.0.0.1:5060"
    flow: Path | None = None
    brand: Path | None = None
    allow: tuple[str, ...] = ()
    targets: dict[str, str] = {}
    public_url: str | None = None
    language: str = ""  # that calls begin in; that of the flow where none is named
    languages: dict[str, str] = {}  # by the number that was rung, such as {"+4722334455" = "nb"}
    calls_out: CallsOutSection = CallsOutSection()
    pause_key: str = Field(default="*9", pattern=r"^[0-9*#]{0,8}$")  # an agent pauses the recording with it
    one_way: Literal["end", "note"] = "end"  # a side that does not hear us
    audio_from: Literal["signalled", "first"] = "signalled"  # "first" for phones behind address translation
    per_source_calls: int = Field(default=0, ge=0)  # at once from one address; 0: no limit
    per_source_rate: int = Field(default=0, ge=0)  # new ones in ten seconds
    trunks: Path | None = None  # the file of trunks and numbers (docs/trunks.md)
    front: str = ""  # HOST:PORT that trunks reach, where something stands before the cells
    services: dict[str, str] = {}  # what {settings.<name>} stands for in the lookups of flows


class ListeningSection(_Section):
    """The analysis: which recogniser and which language when nobody says otherwise, and whether mono is divided."""

    model: str | None = None
    language: str | None = None
    agent_language: str | None = None
    customer_language: str | None = None
    diarize: bool = True


class AssistantSection(_Section):
    """A language model that may propose a summary; off unless ``url`` is set (an OpenAI-compatible chat API)."""

    url: str | None = None
    model: str | None = None
    key: SecretStr | None = None
    timeout_s: float = Field(default=60.0, gt=0, le=3600)


class Settings(BaseSettings):
    """Everything that an installation may set."""

    model_config = SettingsConfigDict(
        env_prefix="CLEARLINE_", env_nested_delimiter="__", frozen=True, extra="forbid", validate_default=False
    )

    calls: Path = Path("calls")
    cache: Path | None = None
    cache_mb: int = Field(default=512, ge=16)  # what rendered prompts may take up on disk
    line: LineSection = LineSection()
    listening: ListeningSection = ListeningSection()
    assistant: AssistantSection = AssistantSection()
    vosk_model: Path | None = Field(default=None, validation_alias=AliasChoices("vosk_model", "VOSK_MODEL"))

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Options, then the environment, then the file."""
        file = Path(os.environ.get(CONFIG_VARIABLE, CONFIG_FILE))
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls, toml_file=file)


def secret(variable: str = "", file: Path | None = None) -> str:
    """A password from an environment variable or the first line of a file. Raises SettingsError, without the value."""
    if file is not None:
        try:
            text = file.read_text(encoding="utf-8").partition("\n")[0].strip()
        except (OSError, UnicodeDecodeError) as error:
            raise SettingsError(f"the file {file} cannot be read: {getattr(error, 'strerror', 'no text')}") from None
    else:
        text = os.environ.get(variable, "")
    if not text:
        where = f"the file {file}" if file is not None else f"the variable {variable}"
        raise SettingsError(f"{where} is empty or not set")
    return text


def load_settings(**options: Any) -> Settings:
    """The settings of this process; ``options`` (those that are not None) win. Raises SettingsError."""
    given = {name: value for name, value in options.items() if value is not None}
    named = os.environ.get(CONFIG_VARIABLE)
    if named and not Path(named).is_file():
        raise SettingsError(f"{CONFIG_VARIABLE} names {named}, but there is no such file")
    try:
        return Settings(**given)
    except ValidationError as error:
        fault = error.errors()[0]
        where = ".".join(str(part) for part in fault["loc"])
        raise SettingsError(f"setting {where!r}: {fault['msg']} (see {named or CONFIG_FILE} and CLEARLINE_*)") from None
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{named or CONFIG_FILE} is not TOML: {error}") from None
