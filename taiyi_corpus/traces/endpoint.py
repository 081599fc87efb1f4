"""An OpenAI-compatible endpoint: one chat call, with patience for what may pass and none for what will not."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Any

import httpx2
import msgspec
from msgspec import Struct

from taiyi_corpus import hashing
from taiyi_corpus.errors import Fault, InputError
from taiyi_corpus.fetch.transfer import retry_after
from taiyi_corpus.fetch.wires import Wires
from taiyi_corpus.version import VERSION

# Where a key is looked for: that of the role, then the one for both.
KEYS = ("TAIYI_CORPUS_ANALYST_KEY", "TAIYI_CORPUS_REVIEWER_KEY", "OPENAI_API_KEY")
_LATER = frozenset({408, 409, 425, 429, 500, 502, 503, 504})
_KEY = frozenset({401, 403})
# About the account or the address, not about the row: a model that is not there, money that is spent.
_FATAL = _KEY | {402, 404}
_LONGEST_PAUSE = 60.0
_LONGEST_ASKED = 600.0  # what an endpoint may ask for; who asks for more is left to the next run


class Message(Struct, frozen=True):
    """One chat message."""

    role: str
    content: str


class Reply(Struct, frozen=True, omit_defaults=True):
    """What a model said."""

    content: str
    finish: str = "stop"
    refusal: str = ""
    tokens_in: int = 0
    tokens_out: int = 0


class Model(Struct, frozen=True):
    """A model at an endpoint, and how it is asked."""

    url: str  # base URL, up to and with /v1
    name: str
    temperature: float = 0.0
    max_tokens: int = 1500
    more: dict[str, Any] = {}  # what else the request holds; null takes a key away

    def body(self, messages: Sequence[Message]) -> dict[str, Any]:
        """Return the request."""
        body = {
            "model": self.name,
            "messages": [{"role": m.role, "content": m.content} for m in messages],
            "temperature": self.temperature,
            "max_tokens": self.max_tokens,
        }
        return {name: value for name, value in {**body, **self.more}.items() if value is not None}


class CallError(Exception):
    """A call gave nothing; `final`: asking the same again would give the same; `fatal`: so would any other call."""

    def __init__(self, reason: str, *, final: bool = False, fatal: bool = False) -> None:
        super().__init__(reason)
        self.reason, self.final, self.fatal = reason, final, fatal


class Stopped(Exception):
    """The run is to end; what is under way is left for the next one."""


def check_access(option: str, model: Model, key: str) -> str:
    """Return a key without blanks around it; `option` is how faults call the endpoint.

    Raises:
        InputError: the URL holds a password, which would be written down, or the key cannot be sent. Neither is shown.
    """
    hint = f"A key comes from the environment: {', '.join(KEYS)}. Nothing was written."
    if "@" in model.url.partition("://")[2].partition("/")[0]:
        wanted = "a URL without a name and a password"
        raise InputError(Fault(option, wanted, "a URL with an @ before the host", hint))
    key = key.strip()
    if not (key.isascii() and key.isprintable()):
        wanted = f"a key for {model.url} of letters, digits and signs that a header may hold"
        raise InputError(Fault(option, wanted, "another sign in it", hint))
    return key


class Endpoint:
    """Calls one model. Safe to use from several threads."""

    def __init__(self, model: Model, key: str, *, timeout: float = 120.0, tries: int = 6,
                 pause: float = 1.0, stop: threading.Event | None = None) -> None:  # fmt: skip
        self.model, self._tries, self._pause = model, tries, pause
        self._stop, self._wires = stop or threading.Event(), Wires()
        self._traced = {"trace": self._wires.seen}
        headers = {"User-Agent": f"taiyi-corpus/{VERSION}"}
        if key:
            headers["Authorization"] = f"Bearer {key}"
        self._client = httpx2.Client(timeout=timeout, headers=headers)

    def close(self) -> None:
        """Close its connections."""
        self._client.close()

    def cut(self) -> None:
        """End the calls that are under way."""
        self._wires.cut()

    def probe(self, option: str) -> None:
        """Check that the endpoint is there and takes the key; `option` is how faults call it.

        Raises:
            InputError: it is not, or does not.
        """
        try:
            url = f"{self.model.url}/models"
            status = self._client.get(url, extensions=self._traced).status_code
        except httpx2.InvalidURL as error:
            raise InputError(Fault(option, "the URL of an endpoint", str(error))) from None
        except httpx2.RequestError as error:
            hint = "Nothing was written."
            raise InputError(
                Fault(option, f"an endpoint at {self.model.url}", str(error) or "silence", hint)
            ) from None
        if status in _KEY:
            hint = f"The key comes from the environment: {', '.join(KEYS)}. Nothing was written."
            raise InputError(
                Fault(option, f"a key that {self.model.url} takes", f"status {status}", hint)
            )

    def chat(self, messages: Sequence[Message], key: str) -> Reply:
        """Return the reply to some messages; `key` is what the pauses between tries depend on.

        Raises:
            CallError: it gave none.
            Stopped: the run ends.
        """
        body = self.model.body(messages)
        why = CallError("no try")
        for number in range(self._tries):
            if self._stop.is_set():
                raise Stopped
            try:
                return self._once(body)
            except _Again as error:
                why = CallError(error.reason)
                if number + 1 == self._tries or error.wait > _LONGEST_ASKED:
                    break
                if self._stop.wait(self._wait(number, error.wait, key)):
                    raise Stopped from None
        raise why

    def _wait(self, number: int, asked: float, key: str) -> float:
        jitter: float = 0.5 + hashing.unit(number, "pause", key)
        pause: float = self._pause * 2**number * jitter
        return max(asked, min(pause, _LONGEST_PAUSE))

    def _once(self, body: dict[str, Any]) -> Reply:
        try:
            answer = self._client.post(
                f"{self.model.url}/chat/completions",
                json=body,
                extensions=self._traced,
            )
        except httpx2.TimeoutException:
            raise _Again("timeout") from None
        except httpx2.RequestError:
            raise _Again("connection_broke") from None
        if answer.status_code in _LATER:
            raise _Again(
                f"status_{answer.status_code}", retry_after(answer.headers.get("Retry-After", ""))
            )
        if answer.status_code in _FATAL:
            raise CallError(f"status_{answer.status_code}", fatal=True)
        if answer.status_code != 200:
            raise CallError(f"status_{answer.status_code}", final=True)
        try:
            made = msgspec.json.decode(answer.content, type=_Answer)
            choice = made.choices[0]
        except (msgspec.MsgspecError, UnicodeDecodeError, IndexError, RecursionError):
            raise _Again("malformed") from None
        refused = "content_filter" if choice.finish_reason == "content_filter" else ""
        return Reply(
            choice.message.content or "",
            choice.finish_reason or "stop",
            choice.message.refusal or refused,
            *(_count(made.usage, name) for name in ("prompt_tokens", "completion_tokens")),
        )


class _Again(Exception):
    def __init__(self, reason: str, wait: float = 0.0) -> None:
        super().__init__(reason)
        self.reason, self.wait = reason, wait


class _Said(Struct):
    content: str | None = None
    refusal: str | None = None


class _Choice(Struct):
    message: _Said
    finish_reason: str | None = None


class _Answer(Struct):
    choices: list[_Choice]
    usage: Any = (
        None  # some endpoints have their own idea of it; an answer is worth more than its price
    )


def _count(usage: Any, name: str) -> int:
    value = usage.get(name) if isinstance(usage, dict) else None
    return int(value) if isinstance(value, int | float) else 0
