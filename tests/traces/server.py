"""A small OpenAI-compatible server on loopback that answers as it is told to, faults included.

Texts carry "case NNNN"; what happens to a call depends on that number, the role and how often it was asked, never on
time, so a run has one outcome whatever the order of its calls.
"""

from __future__ import annotations

import json
import re
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

CRITERIA = ("format", "medical", "faithful", "consistent", "natural", "useful")
BULLET_ZH = (
    "原文以明白的词句写出这一点，并且点明了方案中的各个成员，此外没有别的说法，据此可以作出判断"
)
BULLET = "- the sentence states this in plain words and names both members of the regimen here\n"


@dataclass(frozen=True)
class Asked:
    """One call: which case, by whom, the how-manieth of that role for that case, the prompt."""

    case: int
    role: str
    number: int
    prompt: str

    @property
    def gold(self) -> str:
        """The outcome that the prompt names."""
        found = re.search(r"JSON(?:）)?[:：]\n(.*)\n", self.prompt)
        return found.group(1) if found else "[]"

    @property
    def retried(self) -> bool:
        """Whether the prompt tells of an earlier attempt."""
        return "Attempt 1:" in self.prompt or "第1稿" in self.prompt


@dataclass(frozen=True)
class Answer:
    """What the server does: say something, or fail in some way."""

    content: str | None = ""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    refusal: str | None = None
    finish: str = "stop"
    body: bytes | None = None  # instead of a well-formed one
    cut: bool = False  # break off in the middle of the body
    delay: float = 0.0

    @property
    def whole(self) -> bool:
        return self.status == 200 and self.body is None and not self.cut


Script = Callable[[Asked], Answer]


def heads_of(prompt: str) -> list[str]:
    return [line for line in prompt.split("\n") if re.match(r"\[[1-4]\] ", line)][:4]


def trace_of(asked: Asked, answer: str | None = None) -> str:
    """A trace as it should be."""
    chinese = any("\u4e00" <= sign <= "\u9fff" for sign in "".join(heads_of(asked.prompt)))
    said = BULLET_ZH if chinese else f"of case {asked.case}: {BULLET[2:]}"
    numbered = (f"- head {n} {said}" for n in range(1, 5))
    think = "\n".join(
        f"{head}\n{line}".rstrip()
        for head, line in zip(heads_of(asked.prompt), numbered, strict=True)
    )
    return f"<think>\n{think}\n</think>\n\n<answer>\n{asked.gold if answer is None else answer}\n</answer>"


def verdict(score: int = 5, comment: str = "Well done.") -> str:
    return json.dumps({**dict.fromkeys(CRITERIA, score), "comment": comment})


def good(asked: Asked) -> Answer:
    """Answer everything as it should be."""
    return Answer(trace_of(asked) if asked.role == "analyst" else verdict())


class Server:
    """Calls are counted by (case, role); `served` counts whole answers by prompt."""

    def __init__(self, script: Script = good, key: str = "") -> None:
        self.script, self.key = script, key
        self.calls: Counter[tuple[int, str]] = Counter()
        self.served: Counter[str] = Counter()
        self.busy = self.busiest = 0
        self._lock = threading.Lock()
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            wbufsize = -1  # head and body in one packet
            disable_nagle_algorithm = True

            def do_GET(self) -> None:
                if server.refuses(self.headers.get("Authorization", "")):
                    self.reply(401, b"{}")
                else:
                    self.reply(200, b'{"data": []}')

            def do_POST(self) -> None:
                sent = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                if server.refuses(self.headers.get("Authorization", "")):
                    return self.reply(401, b"{}")
                answer = server.answer(sent["messages"][-1]["content"])
                if answer.delay:
                    time.sleep(answer.delay)
                server.left()
                said = {"content": answer.content, "refusal": answer.refusal}
                made: dict[str, Any] = {
                    "choices": [{"message": said, "finish_reason": answer.finish}],
                    "usage": {"prompt_tokens": 100, "completion_tokens": 50},
                }
                body = json.dumps(made).encode() if answer.body is None else answer.body
                return self.reply(answer.status, body, answer.headers, answer.cut)

            def reply(
                self,
                status: int,
                body: bytes,
                headers: dict[str, str] | None = None,
                cut: bool = False,
            ) -> None:
                self.send_response(status)
                for name, value in (headers or {}).items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body[: len(body) // 2] if cut else body)
                if cut:
                    self.close_connection = True

            def log_message(self, *args: Any) -> None:
                pass

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._http.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._http.server_address[1]}/v1"
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.01,), daemon=True)

    def refuses(self, authorization: str) -> bool:
        return bool(self.key) and authorization != f"Bearer {self.key}"

    def answer(self, prompt: str) -> Answer:
        case = re.search(r"case (\d+)", prompt)
        role = "reviewer" if "whole number from 0" in prompt or "打分" in prompt else "analyst"
        with self._lock:
            self.busy += 1
            self.busiest = max(self.busiest, self.busy)
            place = (int(case.group(1)) if case else -1, role)
            self.calls[place] += 1
            asked = Asked(*place, self.calls[place], prompt)
            answer = self.script(asked)
            if answer.whole:
                self.served[prompt] += 1
        return answer

    def left(self) -> None:
        with self._lock:
            self.busy -= 1

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._http.shutdown()
        self._http.server_close()


@contextmanager
def serving(script: Script = good, key: str = "") -> Iterator[Server]:
    """Yield a running server."""
    server = Server(script, key)
    server.start()
    try:
        yield server
    finally:
        server.stop()
