"""From ``trunks.yaml`` to frozen values, or to all that is wrong with it. Here secrets and hosts are looked up."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from clearline.settings import SettingsError, secret
from ivr.flow.document import Place, Tree, read_tree
from ivr.flow.opening import Opening
from ivr.flow.problems import FlowError, Problem, did_you_mean
from ivr.flow.schema import SUFFIXES, shape
from ivr.trunks.e164 import e164
from ivr.trunks.errors import TrunkError
from ivr.trunks.model import Listening, Network, Trunk, Trunks
from ivr.trunks.numbers import Number
from ivr.trunks.schema import FileSchema, ListenSchema, NumberSchema, PasswordSchema, TrunkSchema


def load_trunks(path: Path, *, secrets: bool = True) -> Trunks:
    """The trunks and numbers in this file. Raises TrunkError with everything that is wrong with it.

    Without ``secrets`` passwords are not looked up and hosts not resolved: enough to check and explain numbers.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise TrunkError(f"{path}: cannot be read ({error.strerror}); name another file with --trunks") from None
    except UnicodeDecodeError as error:
        raise TrunkError(f"{path}: byte {error.start} is not UTF-8 text; save the file as UTF-8") from None
    try:
        tree = read_tree(text, str(path))
    except FlowError as error:
        empty = "the file is no flow" in str(error)
        told = f"{path}:1:1: error: the file is empty. Fix: write `trunks:` or `numbers:`." if empty else str(error)
        raise TrunkError(told) from None
    return _Reading(path, tree, secrets).trunks()


class _Reading:
    """One reading of one file."""

    def __init__(self, path: Path, tree: Tree, secrets: bool) -> None:
        self.path = path
        self.tree = tree
        self.secrets = secrets
        self.problems: list[Problem] = list(tree.problems)

    def trunks(self) -> Trunks:
        """Raises TrunkError when there is any problem."""
        schema = self._schema()
        if schema is None:
            raise self._refusal()
        hours = {name: written.opening() for name, written in schema.hours.items()}
        trunks = [self._trunk(name, written) for name, written in schema.trunks.items()]
        numbers = list(self._numbers(("numbers",), schema.numbers, "", "", hours))
        for name, written in schema.trunks.items():
            numbers += self._numbers(("trunks", name, "numbers"), written.numbers, name, written.country, hours)
        listen = self._listening(schema.listen, schema.trunks)
        if self.problems:
            raise self._refusal()
        return Trunks(tuple(trunks), tuple(numbers), listen)

    def _refusal(self) -> TrunkError:
        return TrunkError("\n".join(str(problem) for problem in sorted(self.problems)))

    def _schema(self) -> FileSchema | None:
        try:
            return FileSchema.model_validate(self.tree.content)
        except ValidationError as error:
            for found in error.errors(include_url=False):
                self._translate(dict(found))
            return None

    def _translate(self, found: Mapping[str, Any]) -> None:
        loc = tuple(str(part) for part in found["loc"])
        last = loc[-1] if loc else ""
        match found["type"]:
            case "extra_forbidden":
                self._refuse(loc, f"there is no '{last}' here", did_you_mean(last, _words(loc)), at_key=True)
            case "missing":
                self._refuse(loc[:-1], f"'{last}' is missing", f"add `{last}:`", at_key=True)
            case "flow":
                said, at_key = found["ctx"], last == "[key]"
                where = loc[:-1] if at_key else loc
                named = "" if at_key or not where else f"'{where[-1]}': "
                self._refuse(where, named + said["what"], said["remedy"], at_key=at_key)
            case "literal_error":
                choices = found["ctx"]["expected"].replace("'", "")
                self._refuse(loc, f"'{last}': {shape(found['input'])} is no choice", f"write {choices}")
            case _ if "password" in loc:
                what = "a password is not written here"  # and is shown nowhere
                self._refuse(loc, what, "write where it stands: {env: NAME} or {file: PATH}")
            case _:
                what = f"'{last}': expected {_expected(found['type'])}, found {shape(found['input'])}"
                self._refuse(loc, what, "see docs/trunks.md for how it is written")

    def _refuse(self, at: tuple[str, ...], what: str, remedy: str, *, at_key: bool = False) -> None:
        place = self._place(at)
        line, column = (place.key_line, place.key_column) if at_key else (place.line, place.column)
        self.problems.append(Problem(str(self.path), line, column, "", "error", what, "", remedy or "remove it"))

    def _place(self, at: tuple[str, ...]) -> Place:
        while at and at not in self.tree.places:
            at = at[:-1]
        return self.tree.places[at]

    def _trunk(self, name: str, written: TrunkSchema) -> Trunk:
        at = ("trunks", name)
        if written.registrar and not written.user:
            self._refuse(at, f"the trunk '{name}' has a registrar and no user", "add `user:`", at_key=True)
        if not (written.registrar or written.proxy or written.domain or written.origins):
            what = f"the trunk '{name}' says neither whom to ring nor who rings"
            self._refuse(at, what, "add `registrar:`", at_key=True)
        if written.srtp == "mandatory" and written.transport != "tls":
            what = f"the trunk '{name}' would send the keys of its SRTP in the clear over {written.transport}"
            self._refuse((*at, "srtp"), what, "set `transport: tls`, or `srtp: optional`")
        return Trunk(
            name=name,
            registrar=written.registrar,
            user=written.user,
            auth_user=written.auth_user or written.user,
            password=self._password((*at, "password"), written.password),
            realm=written.realm,
            domain=written.domain,
            transport=written.transport,
            ipv6=written.ipv6,
            proxy=written.proxy,
            expires_s=written.expires,
            keep_alive_s=written.keep_alive,
            retry_s=written.retry,
            srtp=written.srtp,
            verify=written.verify,
            trust=self._file((*at, "trust"), written.trust),
            codecs=written.codecs,
            keys=written.keys,
            session_timer_s=written.session_timer,
            prack=written.prack,
            early_media=written.early_media,
            origins=written.origins or self._resolved((*at, "registrar"), written),
            country=written.country,
            caller_id=written.caller_id,
        )

    def _password(self, at: tuple[str, ...], written: PasswordSchema | None) -> str:
        if written is None or not self.secrets:
            return ""
        if bool(written.env) == bool(written.file):
            self._refuse(at, "say once where the password stands", "write {env: NAME} or {file: PATH}")
            return ""
        try:
            return secret(variable=written.env, file=self._beside(written.file))
        except SettingsError as error:
            self._refuse(at, str(error), "set it, or name another place")
            return ""

    def _resolved(self, at: tuple[str, ...], written: TrunkSchema) -> tuple[Network, ...]:
        """The addresses of registrar and proxy: from there calls come where nobody said it."""
        if not self.secrets:
            return ()
        found: list[Network] = []
        for host in filter(None, (written.registrar, written.proxy)):
            try:
                found += _addresses(host, written.ipv6)
            except OSError:
                self._refuse(at, f"the address of {host} cannot be found", "check the name, or list `from:`")
        return tuple(dict.fromkeys(found))

    def _numbers(
        self,
        at: tuple[str, ...],
        written: Mapping[str, NumberSchema],
        trunk: str,
        country: str,
        hours: Mapping[str, Opening],
    ) -> Iterator[Number]:
        for pattern, number in written.items():
            here = (*at, pattern)
            self._check_hours(here, number, hours)
            yield Number(
                pattern=pattern if pattern.endswith("*") else e164(pattern, country),
                flow=self._flow((*here, "flow"), number.flow),
                trunk=trunk,
                hours=number.hours,
                opening=hours.get(number.hours),
                closed=self._flow((*here, "closed"), number.closed) if number.closed else "",
                turned_away=number.turned_away,
                language=number.language,
                announce=number.announce,
                ring_s=number.ring,
            )

    def _check_hours(self, at: tuple[str, ...], number: NumberSchema, hours: Mapping[str, Opening]) -> None:
        if number.hours and number.hours not in hours:
            remedy = did_you_mean(number.hours, hours) or f"write them under `hours: {{{number.hours}: …}}`"
            self._refuse((*at, "hours"), f"there are no hours '{number.hours}'", remedy)
        if (number.closed or number.turned_away) and not number.hours:
            what = "it says what happens when it is closed, but not when that is"
            self._refuse(at, what, "add `hours:`", at_key=True)
        if number.closed and number.turned_away:
            self._refuse((*at, "turned_away"), "a closed number has a flow or turns away", "keep one of the two")

    def _flow(self, at: tuple[str, ...], name: str) -> str:
        """A file as its path from here; the name of a published flow as it is."""
        if not name.endswith(SUFFIXES):
            return name
        path = self.path.parent / name
        if not path.is_file():
            self._refuse(at, f"there is no file {path}", "name a flow's file, or a published flow without .yaml")
        return str(path)

    def _listening(self, written: ListenSchema, trunks: Mapping[str, TrunkSchema]) -> Listening:
        if written.tls is not None and not (written.certificate and written.private_key):
            what = "callers who open TLS need to see a certificate"
            self._refuse(("listen",), what, "add certificate: and private_key:")
        for name, trunk in trunks.items():
            if trunk.ipv6 and not written.ipv6:
                what = f"the trunk '{name}' uses IPv6 and the line has no IPv6 address"
                self._refuse(("trunks", name, "ipv6"), what, "add `listen: {ipv6: 2001:db8::5}` with your own")
        return Listening(
            written.tcp,
            written.tls,
            written.ipv6,
            written.ipv6_port,
            self._file(("listen", "certificate"), written.certificate),
            self._file(("listen", "private_key"), written.private_key),
        )

    def _beside(self, path: Path | None) -> Path | None:
        return self.path.parent / path if path is not None else None

    def _file(self, at: tuple[str, ...], written: Path | None) -> Path | None:
        path = self._beside(written)
        if path is not None and not path.is_file():
            self._refuse(at, f"there is no file {path}", "name the file from this file's folder")
        return path.absolute() if path is not None else None


def _words(loc: tuple[str, ...]) -> tuple[str, ...]:
    """What may be written at this place."""
    schemas: dict[int, Any] = {1: FileSchema, 3: TrunkSchema}
    schema = schemas.get(len(loc), NumberSchema)
    if loc[:1] == ("listen",):
        schema = ListenSchema
    elif "numbers" in loc[:-1]:
        schema = NumberSchema
    return tuple(field.alias or name for name, field in schema.model_fields.items())


def _expected(kind: str) -> str:
    return "`key: value` pairs" if "model" in kind or "dict" in kind else "a text"


def _addresses(host: str, ipv6: bool) -> list[Network]:
    name = host if host.endswith("]") else host.rsplit(":", 1)[0] if ":" in host else host
    family = socket.AF_INET6 if ipv6 else socket.AF_INET
    found = socket.getaddrinfo(name.strip("[]"), None, family, socket.SOCK_DGRAM)
    return [ipaddress.ip_network(address[4][0]) for address in found]
