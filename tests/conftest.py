"""What holds for all tests: order, reproducibility, and an honest word about what was not run."""

from __future__ import annotations

import pytest
from hypothesis import settings

from tests import peers

ORDER = ("unit", "engine", "sip", "web", "slow")

settings.register_profile("same-every-time", derandomize=True, deadline=None, database=None)
settings.load_profile("same-every-time")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--no-skips", action="store_true", help="a skipped test is a failure (for CI)")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Fast ones first; a test without a marker is a unit test."""
    for item in items:
        if not any(item.get_closest_marker(kind) for kind in ORDER):
            item.add_marker("unit")

    def slowest(item: pytest.Item) -> int:
        return max(rank for rank, kind in enumerate(ORDER) if item.get_closest_marker(kind))

    items.sort(key=slowest)


def _skipped(config: pytest.Config) -> list[pytest.TestReport]:
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    return list(reporter.stats.get("skipped", [])) if reporter else []


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    if session.config.getoption("--no-skips") and _skipped(session.config) and exitstatus == 0:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    lacks = peers.missing()
    if lacks:
        terminalreporter.section("peers that this machine lacks")
        for peer, origin in lacks.items():
            terminalreporter.line(f"{peer}: {origin}")
    if config.getoption("--no-skips") and _skipped(config):
        terminalreporter.line("Skipped tests count as failures here (--no-skips).", red=True)
