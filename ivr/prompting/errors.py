"""Everything that can be wrong with prompts.

::

    PromptError
    ├── CatalogError        a brand or catalogue file cannot be used; says file:line
    ├── UnknownPrompt       a phrase names an id or a language that the brand does not have
    ├── PlaceholderError    a placeholder is malformed, or has no value
    ├── VoiceError          a voice is not there, or cannot say this
    └── RecordingError      a recorded prompt is not usable audio
"""

from __future__ import annotations


class PromptError(Exception):
    """The root: one sentence that says what was wrong, where, and what to do."""


class CatalogError(PromptError):
    """A brand or catalogue file cannot be used; the message begins with ``file:line``."""


class UnknownPrompt(PromptError):
    """A phrase names an id or a language that the brand does not have."""


class PlaceholderError(PromptError):
    """A placeholder is malformed, or has no value."""


class VoiceError(PromptError):
    """A voice is not there, or cannot say this."""


class RecordingError(PromptError):
    """A recorded prompt is not usable audio."""
