"""Asking a language model over the OpenAI-compatible chat API (llama.cpp, Ollama, vLLM, LM Studio and others speak it).

One request, with a deadline for the whole answer, no redirects and no proxies of the environment, at most 1 MB read.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpx2
from pydantic import BaseModel, ConfigDict, ValidationError

from speechqa.assistant.answer import Proposal, read_answer
from speechqa.assistant.prompt import MOST_TOKENS, Line, messages
from speechqa.errors import AssistantError

MOST_BYTES = 1_000_000
OFF = "off"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where the model is: ``url`` ends before ``/chat/completions`` (``http://127.0.0.1:8080/v1``).

    ``model`` None asks the server for the first that it has. ``key`` is sent as a bearer token.
    """

    url: str
    model: str | None = None
    key: str | None = None
    timeout_s: float = 60.0

    @property
    def host(self) -> str:
        """Whom the transcript is sent to."""
        return urlsplit(self.url).netloc.rpartition("@")[2]


class _Message(BaseModel):
    content: str


class _Choice(BaseModel):
    message: _Message


class _Completion(BaseModel):
    model_config = ConfigDict(extra="ignore")

    choices: list[_Choice]


def check_url(url: str) -> str:
    """The URL without a slash at its end; raises `AssistantError` when it is none."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise AssistantError(f"{url!r} is no address of an assistant; give one such as http://127.0.0.1:8080/v1.")
    return url.rstrip("/").removesuffix("/chat/completions")


def propose(endpoint: Endpoint, lines: Sequence[Line], transport: httpx2.BaseTransport | None = None) -> Proposal:
    """The model's proposal on a call; raises `AssistantError` with one sentence when there is none to be had."""
    deadline = time.monotonic() + endpoint.timeout_s
    headers = {"Authorization": f"Bearer {endpoint.key}"} if endpoint.key else {}
    timeout = httpx2.Timeout(endpoint.timeout_s)
    with httpx2.Client(transport=transport, timeout=timeout, trust_env=False, headers=headers) as client:
        model = endpoint.model or _first_model(client, endpoint, deadline)
        asked = {
            "model": model,
            "messages": messages(lines),
            "temperature": 0,
            "max_tokens": MOST_TOKENS,
            "stream": False,
        }
        answered = _exchange(client, "POST", endpoint, "/chat/completions", deadline, asked)
    try:
        said = _Completion.model_validate(answered).choices[0].message.content
    except (ValidationError, IndexError):
        raise AssistantError(f"The assistant at {endpoint.host} did not answer as a chat API does.") from None
    return read_answer(said, model, lines)


def _first_model(client: httpx2.Client, endpoint: Endpoint, deadline: float) -> str:
    listed = _exchange(client, "GET", endpoint, "/models", deadline)
    models = listed.get("data") if isinstance(listed, Mapping) else None
    first = models[0] if isinstance(models, list) and models else None
    name = first.get("id") if isinstance(first, Mapping) else None
    if not isinstance(name, str):
        raise AssistantError(f"The assistant at {endpoint.host} names no model; say which with --assistant-model.")
    return name


def _exchange(
    client: httpx2.Client, method: str, endpoint: Endpoint, path: str, deadline: float, body: Any = None
) -> Any:
    """One request and its JSON; every way to fail is one sentence."""
    where = f"The assistant at {endpoint.host}"
    try:
        with client.stream(method, endpoint.url + path, json=body) as response:
            content = _within(response, deadline, where)
            status = response.status_code
    except httpx2.TimeoutException:
        raise AssistantError(f"{where} did not answer within {endpoint.timeout_s:g} s.") from None
    except httpx2.HTTPError as error:
        raise AssistantError(f"{where} cannot be reached ({type(error).__name__}).") from None
    if status != httpx2.codes.OK:
        raise AssistantError(f"{where} answered with the status {status} to {path}.")
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        raise AssistantError(f"{where} did not answer with JSON.") from None


def _within(response: httpx2.Response, deadline: float, where: str) -> bytes:
    content = bytearray()
    for chunk in response.iter_bytes():
        content += chunk
        if len(content) > MOST_BYTES:
            raise AssistantError(f"{where} answered with more than {MOST_BYTES // 1000} kB.")
        if time.monotonic() > deadline:
            raise httpx2.ReadTimeout("the whole answer took too long")
    return bytes(content)
