"""The chat template of a tokenizer: messages become one text, and the stretches of it a model is to write are known.

A template is a stranger's data: it runs in Jinja's sandbox, and sees no clock, so that a text never depends on the day.
Where the template marks what the assistant writes (`{% generation %}`), its word holds; else each answer is found
behind the text that asks for it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import jinja2
from jinja2 import nodes
from jinja2.ext import Extension, loopcontrols
from jinja2.parser import Parser
from jinja2.sandbox import ImmutableSandboxedEnvironment

_OPEN, _CLOSE = "\ufdd0", "\ufdd1"  # noncharacters: no text has them

Message = Mapping[str, str]


class TemplateError(Exception):
    """A template that cannot say where the answers of a row are."""


class _Generation(Extension):
    """`{% generation %}...{% endgeneration %}`: what the assistant writes, put between marks."""

    tags = {"generation"}  # noqa: RUF012 - jinja2 declares it so

    def parse(self, parser: Parser) -> nodes.Node:
        line = next(parser.stream).lineno
        body = parser.parse_statements(("name:endgeneration",), drop_needle=True)
        return nodes.CallBlock(self.call_method("_marked"), [], [], body).set_lineno(line)

    def _marked(self, caller: Any) -> str:
        return f"{_OPEN}{caller()}{_CLOSE}"


class ChatTemplate:
    """A compiled chat template with the special tokens it names."""

    def __init__(self, source: str, tokens: Mapping[str, str], ends: Sequence[str]) -> None:
        environment = ImmutableSandboxedEnvironment(
            trim_blocks=True, lstrip_blocks=True, extensions=[_Generation, loopcontrols]
        )
        environment.filters["tojson"] = _to_json
        environment.globals["raise_exception"] = _refuse
        try:
            self._template = environment.from_string(source)
        except jinja2.TemplateSyntaxError as error:
            raise TemplateError(f"line {error.lineno}: {error.message}") from None
        self._tokens, self._ends = dict(tokens), sorted(ends, key=len, reverse=True)

    def render(self, messages: Sequence[Message], *, ask: bool = False) -> str:
        """Return messages as text; with `ask`, ready for the next answer."""
        try:
            return self._template.render(
                messages=list(messages), add_generation_prompt=ask, **self._tokens
            )
        except jinja2.TemplateError as error:
            raise TemplateError(str(error)) from None

    def answers(self, messages: Sequence[Message]) -> tuple[str, list[tuple[int, int]]]:
        """Return the text of messages, and the stretches (start, end) that are trained: every assistant turn.

        Raises:
            TemplateError: the template refuses the messages, or says something else than they do.
        """
        if any(mark in message["content"] for message in messages for mark in (_OPEN, _CLOSE)):
            raise TemplateError("a text with U+FDD0 or U+FDD1, which are no characters")
        text = self.render(messages)
        return _between_marks(text) if _OPEN in text else self._behind_prompts(messages, text)

    def _behind_prompts(
        self, messages: Sequence[Message], text: str
    ) -> tuple[str, list[tuple[int, int]]]:
        spans = []
        for number, message in enumerate(messages):
            if message["role"] != "assistant":
                continue
            start = len(prompt := self.render(messages[:number], ask=True))
            if not text.startswith(prompt):
                raise TemplateError(
                    "a conversation does not begin as it was asked; mark answers by {% generation %}"
                )
            answer = message["content"]
            at = text.find(answer, start)
            if at < 0:
                answer = answer.strip()
                at = text.find(answer, start)
            if at < 0 or text[start:at].strip():
                raise TemplateError(
                    "an answer is not where it was asked for; mark answers by {% generation %}"
                )
            end = at + len(answer)
            end += next((len(mark) for mark in self._ends if text.startswith(mark, end)), 0)
            spans.append((start, end))
        return text, spans


def _between_marks(text: str) -> tuple[str, list[tuple[int, int]]]:
    plain: list[str] = []
    spans: list[tuple[int, int]] = []
    length = 0
    for number, piece in enumerate(text.replace(_CLOSE, _OPEN).split(_OPEN)):
        if number % 2:
            spans.append((length, length + len(piece)))
        plain.append(piece)
        length += len(piece)
    return "".join(plain), spans


def _to_json(value: Any, indent: int | None = None) -> str:
    return json.dumps(value, ensure_ascii=False, indent=indent)


def _refuse(message: str) -> None:
    raise TemplateError(message)
