"""A list written as JSON or as a Python literal, read in bounded time and depth.

`ast.literal_eval` compiles what it reads, and a hostile text can exhaust its stack; this reader knows strings, numbers,
lists, tuples, objects and constants, and nothing else.
"""

from __future__ import annotations

import ast
import json
import re
from typing import Any

LONGEST = 65_536  # characters; an answer of a training run is far below
_DEEPEST = 32
_BLANK = re.compile(r"\s*")
_ATOM = re.compile(
    r"-?\d{1,18}(?:\.\d{1,18})?(?:[eE][-+]?\d{1,3})?(?![\w.])|(?:None|True|False|null|true|false)\b"
)
_CONSTANTS = {
    "None": None,
    "null": None,
    "True": True,
    "true": True,
    "False": False,
    "false": False,
}
_CLOSES = {"[": "]", "(": ")", "{": "}"}


def read_list(text: str) -> list[Any]:
    """Return the list from the first "[" to the last "]"; an empty one if that is neither JSON nor a Python literal."""
    start, end = text.find("["), text.rfind("]")
    if not 0 <= start < end or end - start > LONGEST:
        return []
    body = text[start : end + 1]
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        try:
            value = _Literal(body).whole()
        except (ValueError, SyntaxError):
            return []
    return value if isinstance(value, list) else []


class _Literal:
    """Reads one Python literal."""

    def __init__(self, text: str) -> None:
        self.text, self.at = text, 0

    def whole(self) -> Any:
        value = self.value(0)
        if self.peek():
            raise ValueError("more than one value")
        return value

    def peek(self) -> str:
        match = _BLANK.match(self.text, self.at)
        self.at = match.end() if match else self.at
        return self.text[self.at : self.at + 1]

    def value(self, depth: int) -> Any:
        sign = self.peek()
        if depth > _DEEPEST:
            raise ValueError("nested too deep")
        if sign in ("'", '"'):
            return self.string(sign)
        if sign and sign in "[(":
            return self.items(_CLOSES[sign], depth)
        if sign == "{":
            return self.pairs(depth)
        if not (atom := _ATOM.match(self.text, self.at)):
            raise ValueError("no literal")
        self.at = atom.end()
        word = atom.group()
        return (
            _CONSTANTS[word]
            if word in _CONSTANTS
            else float(word)
            if set(word) & set(".eE")
            else int(word)
        )

    def string(self, quote: str) -> str:
        start = self.at
        end = start + 1
        while True:
            if (end := self.text.find(quote, end)) < 0:
                raise ValueError("an open string")
            slashes = end - len(self.text[start:end].rstrip("\\")) - start
            if slashes % 2 == 0:
                break
            end += 1
        self.at = end + 1
        token = self.text[start : self.at]
        if "\\" not in token:
            return token[1:-1]
        read = ast.literal_eval(token)  # one string token: nothing to nest
        return str(read)

    def items(self, close: str, depth: int) -> list[Any]:
        self.at += 1
        found = []
        while self.peek() != close:
            found.append(self.value(depth + 1))
            self.comma(close)
        self.at += 1
        return found

    def pairs(self, depth: int) -> dict[str, Any]:
        self.at += 1
        found = {}
        while self.peek() != "}":
            key = self.value(depth + 1)
            if self.peek() != ":":
                raise ValueError("a key without a value")
            self.at += 1
            found[str(key)] = self.value(depth + 1)
            self.comma("}")
        self.at += 1
        return found

    def comma(self, close: str) -> None:
        if self.peek() == ",":
            self.at += 1
        elif self.peek() != close:
            raise ValueError("no comma between values")
