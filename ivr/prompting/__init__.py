"""What the line says: brands and catalogues of prompts as data, voices, and the audio made from them.

``PromptLibrary`` is the way in: a brand's folder opened once, which turns a ``Phrase`` into a WAV file. It is imported
when it is asked for: a build that has nothing to do needs none of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ivr.prompting.errors import PromptError

if TYPE_CHECKING:
    from ivr.prompting.library import PromptLibrary

__all__ = ["PromptError", "PromptLibrary"]


def __getattr__(name: str) -> Any:
    if name == "PromptLibrary":
        from ivr.prompting.library import PromptLibrary

        return PromptLibrary
    raise AttributeError(name)
