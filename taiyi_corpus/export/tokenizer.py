"""A tokenizer as it lies on disk: `tokenizer.json`, its special tokens and its chat template. Nothing is downloaded."""

from __future__ import annotations

import itertools
import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from taiyi_corpus.errors import Fault, InputError
from taiyi_corpus.export.chat_template import ChatTemplate, Message, TemplateError
from taiyi_corpus.hashing import file_sha256

if TYPE_CHECKING:
    from tokenizers import Tokenizer

IGNORED = -100  # label of a token that is not trained
_NAMES = ("tokenizer.json", "tokenizer_config.json", "chat_template.jinja")
_SPECIAL = ("bos_token", "eos_token", "unk_token", "pad_token")

Ids = npt.NDArray[np.int32]


class Encoder:
    """Messages to token ids and labels."""

    def __init__(self, folder: Path) -> None:
        tokenizer = _tokenizer(folder)
        config = _json(folder / "tokenizer_config.json")
        marks = {name: text for name in _SPECIAL if (text := _text(config.get(name)))}
        added = tokenizer.get_added_tokens_decoder().values()
        ends = {token.content for token in added if token.special} | set(marks.values())
        source = _template(folder, config)
        try:
            self._template = ChatTemplate(source, marks, sorted(ends))
        except TemplateError as error:
            raise InputError(Fault(str(folder), "a chat template", str(error))) from None
        self._tokenizer = tokenizer
        self.sha256 = file_sha256(folder / "tokenizer.json")
        # A tokenizer that puts a mark before every text cannot take a text in pieces.
        pieces = [*self._ids(["a\n", "b"])]
        self._in_pieces = [*pieces[0], *pieces[1]] == self._ids(["a\nb"])[0]

    def encode(self, talks: Sequence[Sequence[Message]]) -> list[tuple[Ids, Ids]]:
        """Return (input ids, labels) of each conversation; every assistant turn is trained, the rest masked.

        Raises:
            TemplateError: the template cannot say where the answers are.
        """
        texts = [self._template.answers(talk) for talk in talks]
        return self._by_pieces(texts) if self._in_pieces else self._by_offsets(texts)

    def _ids(self, texts: list[str]) -> list[list[int]]:
        encoded = self._tokenizer.encode_batch_fast(texts, add_special_tokens=False)
        return [one.ids for one in encoded]

    def _by_pieces(self, texts: list[tuple[str, list[tuple[int, int]]]]) -> list[tuple[Ids, Ids]]:
        # A prompt is encoded on its own when a model is asked, so it is encoded on its own here.
        pieces: list[str] = []
        for text, spans in texts:
            edges = [0, *(edge for span in spans for edge in span), len(text)]
            pieces += [text[a:b] for a, b in itertools.pairwise(edges)]
        encoded = iter(self._ids(pieces))
        made = []
        for _, spans in texts:
            ids: list[int] = []
            labels: list[int] = []
            for number in range(2 * len(spans) + 1):
                piece = next(encoded)
                ids += piece
                labels += piece if number % 2 else [IGNORED] * len(piece)
            made.append((np.array(ids, np.int32), np.array(labels, np.int32)))
        return made

    def _by_offsets(self, texts: list[tuple[str, list[tuple[int, int]]]]) -> list[tuple[Ids, Ids]]:
        encoded = self._tokenizer.encode_batch(
            [text for text, _ in texts], add_special_tokens=False
        )
        made = []
        for (_, spans), one in zip(texts, encoded, strict=True):
            ids = np.array(one.ids, np.int32)
            ends = np.array([end for _, end in one.offsets])
            trained = np.zeros(len(ids), np.bool_)
            for start, end in spans:
                trained |= (ends > start) & (ends <= end)
            made.append((ids, np.where(trained, ids, IGNORED).astype(np.int32)))
        return made


def find_tokenizer(name: str) -> Path:
    """Return the folder of a tokenizer: a path, or a Hub id whose files are in the Hub's own cache.

    Raises:
        InputError: there is none.
    """
    if (folder := Path(name)).is_dir():
        if (folder / _NAMES[0]).is_file():
            return folder
        raise InputError(Fault(name, f"a folder with {_NAMES[0]}", f"no {_NAMES[0]} in it"))
    from huggingface_hub import try_to_load_from_cache
    from huggingface_hub.errors import HFValidationError

    try:
        found = try_to_load_from_cache(name, _NAMES[0])
    except HFValidationError:
        found = None
    if isinstance(found, str):
        return Path(found).parent
    hint = f"A build downloads nothing: `hf download {name} {' '.join(_NAMES[:2])}` fetches one."
    raise InputError(
        Fault("--tokenizer", "a folder, or the id of a downloaded tokenizer", name, hint)
    )


def _tokenizer(folder: Path) -> Tokenizer:
    try:
        from tokenizers import Tokenizer
    except ImportError:
        hint = "`pip install 'taiyi-corpus[pack]'` brings it."
        raise InputError(Fault("--tokenizer", "the package tokenizers", "none", hint)) from None
    return Tokenizer.from_file(str(folder / _NAMES[0]))


def _json(path: Path) -> dict[str, Any]:
    try:
        read = json.loads(path.read_bytes())
    except FileNotFoundError:
        return {}
    except ValueError as error:
        raise InputError(Fault(str(path), "JSON", str(error))) from None
    return read if isinstance(read, dict) else {}


def _text(token: Any) -> str:
    """Return a special token as text: a string, or an object with its `content`."""
    return str(token.get("content", "")) if isinstance(token, dict) else str(token or "")


def _template(folder: Path, config: dict[str, Any]) -> str:
    if (file := folder / _NAMES[2]).is_file():
        return file.read_text(encoding="utf-8")
    template = config.get("chat_template")
    if isinstance(template, list):  # several, by name
        template = next((t["template"] for t in template if t.get("name") == "default"), None)
    if not isinstance(template, str):
        wanted = "a chat template, in tokenizer_config.json or chat_template.jinja"
        hint = "A base model may have none; that of its chat model does."
        raise InputError(Fault(str(folder), wanted, "none", hint))
    return template
