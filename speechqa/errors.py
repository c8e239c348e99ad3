"""What can go wrong while listening, each with one clear sentence: what, where, what to do.

::

    SpeechqaError
    ├── RecordingError           the recording cannot be used
    │   ├── RecordingMissing     no such file, no permission, a folder without a call record
    │   ├── RecordingUnreadable  not audio, broken, empty
    │   ├── RecordingUnsupported audio, but not one that is read here: a video, three channels, 1 Hz
    │   └── CallRecordUnusable   a vCon without audio that can be reached
    ├── ReferenceUnusable        the calls to compare with cannot be used
    ├── TurnsUnusable            a call written as turns cannot be used
    ├── ReviewsUnusable          a table of reviews cannot be used
    ├── RubricError              a rubric or lexicon cannot be used (`speechqa.rubric.problems`)
    ├── BrandUnusable            the brand whose tone was asked for cannot be read
    ├── AssistantError           the language model that was asked for cannot be used
    ├── ExchangeError            a file of another program cannot be read, or cannot become a call
    └── EngineError              speech cannot be recognised
        ├── ModelMissing         no model where one was named
        ├── ModelBroken          a model is there but does not load
        └── LanguageUnsupported  the model does not know the language that was asked for
"""

from __future__ import annotations


class SpeechqaError(Exception):
    """Anything that the user can put right; the message is one sentence for them."""


class RecordingError(SpeechqaError):
    """The recording cannot be used."""


class RecordingMissing(RecordingError):
    """Nothing is there, or it may not be read."""


class RecordingUnreadable(RecordingError):
    """Not audio, broken, or empty."""


class RecordingUnsupported(RecordingError):
    """Audio of a kind that is not read here."""


class CallRecordUnusable(RecordingError):
    """A call record (vCon) without audio that can be reached."""


class ReferenceUnusable(SpeechqaError):
    """The calls to compare with cannot be read, or there are none."""


class TurnsUnusable(SpeechqaError):
    """A call written as turns cannot be read."""


class ReviewsUnusable(SpeechqaError):
    """A table of reviews cannot be read, or holds nothing to compare."""


class BrandUnusable(SpeechqaError):
    """The brand whose tone was asked for cannot be read."""


class AssistantError(SpeechqaError):
    """The language model that was asked for cannot be reached, or does not answer as it should."""


class ExchangeError(SpeechqaError):
    """A file of another program cannot be read, or what it holds is no call of an agent and a customer."""


class EngineError(SpeechqaError):
    """Speech cannot be recognised."""


class ModelMissing(EngineError):
    """No model where one was named."""


class ModelBroken(EngineError):
    """A model is there but does not load."""


class LanguageUnsupported(EngineError):
    """The model does not know the language that was asked for."""
