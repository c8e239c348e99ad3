"""The voice engines: one small file each here, or in any installed package that names it by an entry point."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.metadata import entry_points

BUILT_IN = {
    "hibari": "ivr.prompting.engines.hibari_voice:HibariVoice",
    "piper": "ivr.prompting.engines.piper_voice:PiperVoiceFolder",
    "espeak": "ivr.prompting.engines.espeak_voice:EspeakVoice",
}
"""Engine name -> ``module:class``; the class is called with the voice's name and the folder that paths start from."""

ADDED = "clearline.voices"
"""The group of entry points under which an installed package names engines of its own."""


@cache
def engines() -> Mapping[str, str]:
    """Every engine that is installed: the built-in ones, then those of other packages, which cannot replace them."""
    added = {found.name: found.value for found in entry_points(group=ADDED)}
    return {**BUILT_IN, **{name: value for name, value in sorted(added.items()) if name not in BUILT_IN}}
