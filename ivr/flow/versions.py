"""Published versions of flows: a draft becomes a version when it is free of errors and all its tests hold.

::

    <store>/<flow>/versions.json         what was published, by whom, why; which version new calls take
    <store>/<flow>/7-3f2a91c04b7e.yaml   the file as it was published; never changed, checked against its hash
    <store>/<flow>/8-91c04b7e3f2a/…      the same for a flow that calls flows in other files: all of them, as they lay

Everything is written beside its place and renamed into it, under a lock, so that a reader sees all of a change or none.
A call keeps the ``Flow`` that it began with; ``Published`` gives new calls the version that is live when they come in.

Errors::

    VersionError         a flow cannot be published, found or rolled back; one sentence
    └── NotPublishable   the draft has errors, or tests that fail; ``reasons`` names each
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import logging
import os
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from ivr.flow.check import Prompts, beyond, check_flow, not_rung
from ivr.flow.linking import identity, layout
from ivr.flow.load import load_flow
from ivr.flow.model import Flow
from ivr.flow.problems import FlowError, Problem
from ivr.flow.testing.run import run_tests

log = logging.getLogger(__name__)

INDEX = "versions.json"
SHORT = 12


class VersionError(Exception):
    """A flow cannot be published, found or rolled back."""


class NotPublishable(VersionError):
    """The draft has errors, or tests that fail."""

    def __init__(self, file: str, reasons: Sequence[str]) -> None:
        self.reasons = tuple(reasons)
        super().__init__("\n".join([*reasons, f"{file} is not published: put right what is said above."]))


@dataclass(frozen=True, slots=True)
class Version:
    """One published state of a flow, ``at`` a time in UTC (ISO 8601).

    ``hash`` is the SHA-256 of the file. Of several files (``files``, the flow's own first, by their paths beside each
    other) it is that of a list of them: a line of SHA-256, two spaces and the path for each, as ``sha256sum`` writes.
    """

    number: int
    hash: str
    author: str
    note: str
    at: str
    files: tuple[str, ...] = ()

    @property
    def kept(self) -> tuple[str, ...]:
        """The names of the kept files, the flow's own first."""
        name = f"{self.number}-{self.hash[:SHORT]}"
        return tuple(f"{name}/{file}" for file in self.files) or (f"{name}.yaml",)


@dataclass(frozen=True, slots=True)
class History:
    """All versions of one flow, the oldest first, and which ones are live.

    New calls take ``stable``; of the callers with a number ``weight`` percent, always the same ones, take ``canary``.
    ``former`` are the versions that were stable before, the last one last.
    """

    flow: str
    versions: tuple[Version, ...] = ()
    stable: int = 0
    canary: int = 0
    weight: int = 0
    former: tuple[int, ...] = ()

    def version(self, number: int) -> Version:
        """The version with this number. Raises VersionError."""
        found = next((version for version in self.versions if version.number == number), None)
        if found is None:
            known = ", ".join(str(version.number) for version in self.versions) or "none"
            raise VersionError(f"The flow '{self.flow}' has no version {number}; there are: {known}.")
        return found

    def choose(self, caller: str) -> Version:
        """The version for this caller's next call; a caller without a number takes the stable one."""
        if self.canary and caller and _hundredth(self.version(self.canary).hash, caller) < self.weight:
            return self.version(self.canary)
        return self.version(self.stable)


class VersionStore:
    """A folder of published flows."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def history(self, flow: str) -> History:
        """What was published of this flow; nothing, for a flow that is unknown. Raises VersionError."""
        if not flow.isidentifier():
            raise VersionError(f"'{flow}' is no name of a flow; there are: {self._known()}.")
        path = self.index(flow)
        try:
            content = json.loads(path.read_text(encoding="utf-8"))
            versions = tuple(
                Version(**{**version, "files": tuple(version.get("files", ()))}) for version in content["versions"]
            )
            former = tuple(content["former"])
            return History(flow, versions, content["stable"], content["canary"], content["weight"], former)
        except FileNotFoundError:
            return History(flow)
        except OSError as error:
            raise VersionError(f"{path} cannot be read ({error.strerror}).") from None
        except (ValueError, KeyError, TypeError):
            raise VersionError(
                f"{path} is damaged; restore it from a backup, or publish into another folder."
            ) from None

    def index(self, flow: str) -> Path:
        """The file that says which versions there are and which are live."""
        return self.folder / flow / INDEX

    def flows(self) -> tuple[str, ...]:
        """The names of the flows that have versions."""
        return tuple(sorted(path.parent.name for path in self.folder.glob(f"*/{INDEX}")))

    def load(self, flow: str, version: Version) -> Flow:
        """The flow as it was published. Raises VersionError when a file is gone or changed, or no longer loads."""
        paths = [self.folder / flow / name for name in version.kept]
        path = paths[0]
        if _hash(version.files, [_read(one) for one in paths]) != version.hash:
            where = path if len(paths) == 1 else path.parents[len(Path(version.files[0]).parts) - 1]
            raise VersionError(f"{where} was changed after it was published; publish the change as a new version.")
        try:
            return load_flow(path)
        except FlowError as error:
            raise VersionError(f"Version {version.number} of '{flow}' no longer loads: {error}") from None

    def publish(
        self,
        file: Path,
        *,
        author: str,
        note: str,
        at: str,
        canary: int = 0,
        targets: Collection[str] | None = None,
        prompts: Prompts | None = None,
        abilities: Collection[str] | None = None,
    ) -> Version:
        """Make a version of this draft, live for all new calls, or for ``canary`` percent of the callers.

        Raises FlowError, NotPublishable and VersionError; then nothing has changed.
        """
        _read(file)  # before it is parsed: a file that is not there is no mistake in a flow
        flow = load_flow(file)
        reasons = _reasons(flow, targets, prompts, abilities)
        if reasons:
            raise NotPublishable(str(file), reasons)
        with self._changing(flow.name):
            history = self.history(flow.name)
            version = _next(history, flow, author, note, at)
            if canary and not history.stable:
                raise VersionError(
                    f"The first version of '{flow.name}' is for all callers: publish it without a canary."
                )
            for name, source in zip(version.kept, flow.sources, strict=True):
                _write(self.folder / flow.name / name, source.content)
            versions = (*history.versions, version)
            if canary:
                self._keep(replace(history, versions=versions, canary=version.number, weight=canary))
            else:
                self._keep(_settled(replace(history, versions=versions), version.number))
        return version

    def rollback(self, flow: str, to: int | None = None) -> Version:
        """Take back the canary, or else go back to version ``to`` (the one before the stable one unless given)."""
        self._must_exist(flow)
        with self._changing(flow):
            history = self.history(flow)
            back = _back(history) if to is None else _settled(history, to)
            version = back.version(back.stable)
            self.load(flow, version)
            self._keep(back)
        return version

    def promote(self, flow: str) -> Version:
        """Give the canary to all callers."""
        self._must_exist(flow)
        with self._changing(flow):
            history = self.history(flow)
            if not history.canary:
                raise VersionError(f"The flow '{flow}' has no canary; there is nothing to give to all callers.")
            self._keep(_settled(history, history.canary))
            return history.version(history.canary)

    def _must_exist(self, flow: str) -> None:
        if not self.history(flow).stable:
            raise VersionError(f"Nothing was published of a flow '{flow}'; there are: {self._known()}.")

    def _keep(self, history: History) -> None:
        content = {
            "versions": [asdict(version) for version in history.versions],
            "stable": history.stable,
            "canary": history.canary,
            "weight": history.weight,
            "former": history.former,
        }
        _write(self.index(history.flow), json.dumps(content, ensure_ascii=False, indent=1).encode())

    @contextmanager
    def _changing(self, flow: str) -> Iterator[None]:
        """One change at a time, over all processes of this machine."""
        folder = self.folder / flow
        try:
            folder.mkdir(parents=True, exist_ok=True)
            lock = (folder / ".lock").open("w")
        except OSError as error:
            raise VersionError(f"{folder} cannot be written ({error.strerror}).") from None
        with lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _known(self) -> str:
        return ", ".join(self.flows()) or "none"


class Published:
    """The live flow for each new call. A change of the store is seen with the next call; calls under way keep theirs.

    A version that cannot be run is reported in the log, and the last one that could be is kept.
    """

    def __init__(
        self, store: VersionStore, flow: str, problems: Callable[[Flow], Sequence[Problem]] = lambda flow: ()
    ) -> None:
        """``problems`` says what keeps a flow from running on this line. Raises VersionError when none can be run."""
        self._store = store
        self._problems = problems
        self._name = flow
        self._stamp = self._seen()
        self._history = store.history(flow)
        if not self._history.stable:
            raise VersionError(f"Nothing was published of a flow '{flow}': `ivr publish` makes a version of a file.")
        self._flows = {self._history.stable: self._load(self._history.stable)}
        self._last = self._flows[self._history.stable]

    def __call__(self, caller: str) -> Flow:
        """The flow for a call of this caller (the user part of the SIP address; empty when unknown)."""
        try:
            self._look()
            number = self._history.choose(caller).number
            if number not in self._flows:
                self._flows[number] = self._load(number)
        except VersionError as error:
            log.error("the call takes the last flow that could be loaded: %s", error)
            return self._last
        self._last = self._flows[number]
        return self._last

    def _look(self) -> None:
        stamp = self._seen()
        if stamp != self._stamp:
            self._history = self._store.history(self._name)
            self._stamp = stamp

    def _load(self, number: int) -> Flow:
        flow = self._store.load(self._name, self._history.version(number))
        errors = [str(problem) for problem in self._problems(flow) if problem.severity == "error"]
        if errors:
            raise VersionError("\n".join(errors))
        return flow

    def _seen(self) -> tuple[int, int]:
        try:
            found = self._store.index(self._name).stat()
        except OSError:
            return 0, 0
        return found.st_mtime_ns, found.st_ino


def _settled(history: History, number: int) -> History:
    """This version for all callers."""
    former = (*history.former, history.stable) if history.stable not in (0, number) else history.former
    return replace(history, stable=number, canary=0, weight=0, former=former)


def _back(history: History) -> History:
    """Without the canary; where there is none, the version that was stable before. Raises VersionError."""
    if history.canary:
        return replace(history, canary=0, weight=0)
    if not history.former:
        raise VersionError(f"Version {history.stable} of '{history.flow}' is the first; there is none before it.")
    return replace(history, stable=history.former[-1], former=history.former[:-1])


def _hundredth(hash: str, caller: str) -> int:
    """0 to 99, the same for the same caller and version."""
    return int.from_bytes(hashlib.sha256(f"{hash}:{caller}".encode()).digest()[:8]) % 100


def _reasons(
    flow: Flow, targets: Collection[str] | None, prompts: Prompts | None, abilities: Collection[str] | None
) -> list[str]:
    problems = not_rung(flow) + check_flow(flow, targets=targets, prompts=prompts)
    problems += beyond(flow, abilities) if abilities is not None else []
    told = [str(problem) for problem in problems if problem.severity == "error"]
    tested = [(one.file, verdict) for one in (flow, *flow.parts.values()) for verdict in run_tests(one)]
    return told + [verdict.told(file) for file, verdict in tested if not verdict.passed]


def _hash(files: Sequence[str], contents: Sequence[bytes]) -> str:
    return hashlib.sha256(identity(files, contents)).hexdigest()


def _next(history: History, flow: Flow, author: str, note: str, at: str) -> Version:
    files = layout(flow)
    hash = _hash(files, [source.content for source in flow.sources])
    live = [history.version(number) for number in (history.stable, history.canary) if number]
    same = next((version for version in live if version.hash == hash), None)
    if same is not None:
        raise VersionError(f"This is version {same.number} of '{history.flow}', which is live already.")
    number = max((version.number for version in history.versions), default=0) + 1
    return Version(number, hash, author, note, at, files)


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise VersionError(f"{file} cannot be read ({error.strerror}).") from None


def _write(path: Path, content: bytes) -> None:
    """Whole or not at all, and on disk before it is seen."""
    draft = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with draft.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except OSError as error:
        raise VersionError(f"{path} cannot be written ({error.strerror}).") from None
