"""Listening to calls: who spoke when, how fast, over whom, and how the call ended.

``from speechqa import analyze`` gives the whole analysis of a recording, ``judge`` the measures of a `Conversation`
alone. Importing the package loads no engine.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from speechqa.analysis import Analysis
    from speechqa.stages import AnalysisSettings, analyze, judge

__all__ = ["Analysis", "AnalysisSettings", "analyze", "judge"]


def __getattr__(name: str) -> Any:
    if name == "Analysis":
        from speechqa import analysis

        return analysis.Analysis
    if name in __all__:
        from speechqa import stages

        return getattr(stages, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
