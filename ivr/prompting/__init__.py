"""What the line says: brands and catalogues of prompts as data, voices, and the audio made from them.

``PromptLibrary`` is the way in: a brand's folder opened once, which turns a ``Phrase`` into a WAV file.
"""

from ivr.prompting.errors import PromptError
from ivr.prompting.library import PromptLibrary

__all__ = ["PromptError", "PromptLibrary"]
