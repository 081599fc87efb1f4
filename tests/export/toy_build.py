"""A finished build of hand-written rows, one of every shape that trainers stumble over, and a small tokenizer."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from taiyi_corpus.export.manifest import Funnel, Manifest, write_manifest
from taiyi_corpus.export.rows import ROW_SCHEMA
from taiyi_corpus.export.shards import Shard, shard_bounds, shard_name
from taiyi_corpus.hashing import file_sha256

SYSTEM, USER, ASSISTANT = "system", "user", "assistant"
SINGLE = [(USER, "Name the drugs.\nAspirin helps."), (ASSISTANT, "drug: Aspirin\n")]
DIALOGUE = [
    (USER, "头疼三天了。"),
    (ASSISTANT, "有发热吗？"),
    (USER, "没有。"),
    (ASSISTANT, "多喝水，观察两天。"),
]
WITH_SYSTEM = [(SYSTEM, "You read abstracts."), (USER, "Is it safe?"), (ASSISTANT, "Answer: yes")]
TRANSLATION = [(USER, "译成英文：发热"), (ASSISTANT, "fever")]
TALKS = {"single": SINGLE, "dialogue": DIALOGUE, "system": WITH_SYSTEM, "translation": TRANSLATION}

# ChatML, as many models have it; the same with what the assistant writes marked.
CHATML = (
    "{% for m in messages %}{{ '<|im_start|>' + m.role + '\n' + m.content + '<|im_end|>' + '\n' }}{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}"
)
MARKED = (
    "{% for m in messages %}{{ '<|im_start|>' + m.role + '\n' }}{% if m.role == 'assistant' %}{% generation %}"
    "{{ m.content + '<|im_end|>' }}{% endgeneration %}{% else %}{{ m.content + '<|im_end|>' }}{% endif %}{{ '\n' }}"
    "{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}"
)


def row(id_: str, talk: Sequence[tuple[str, str]], **given: Any) -> dict[str, Any]:
    """A row of a build."""
    made = {
        "id": id_,
        "messages": [{"role": role, "content": text} for role, text in talk],
        "task": "ner",
        "language": "en",
        "instruction_language": "en",
        "dataset": "toy",
        "split": "train",
        "stage": 1,
        "template": "en/ner.all_types.0",
        "style": "lines",
        "options": None,
        "gold": '[["drug", "Aspirin"]]',
        "license": "MIT",
        "origin": "raw",
        "record_id": f"toy/train/{id_}",
        "seed": 0,
    }
    return made | given


def rows() -> list[dict[str, Any]]:
    """A row of each shape: none has options, so that column is all null."""
    return [
        row("single", SINGLE),
        row("dialogue", DIALOGUE, task="mrd", language="zh", dataset="clinic", template="zh/mrd.system.1", gold='"x"'),
        row("system", WITH_SYSTEM, task="qa_yesno", template="en/qa_yesno.question.3", gold='"yes"'),
        row("translation", TRANSLATION, task="mt", language="zh", dataset="pairs", template="zh/mt.zh_en.2",
            gold='"fever"'),
    ]  # fmt: skip


def write_build(
    folder: Path, given: Sequence[dict[str, Any]], *, shards: int = 2, **of_manifest: Any
) -> Path:
    """Write rows as a finished build and return its folder."""
    (folder / "data").mkdir(parents=True)
    made = []
    bounds = shard_bounds(len(given), -(-len(given) // shards) or 1)
    for number, (start, end) in enumerate(bounds):
        name = shard_name("train", number, len(bounds))
        pq.write_table(
            pa.Table.from_pylist(list(given[start:end]), schema=ROW_SCHEMA), folder / name
        )
        made.append(
            Shard(name, end - start, (folder / name).stat().st_size, file_sha256(folder / name))
        )
    counts: dict[tuple[str, str, str], int] = {}
    for one in given:
        key = (one["dataset"], one["task"], one["language"])
        counts[key] = counts.get(key, 0) + 1
    about = {
        "recipe": {"name": "toy", "about": "For tests.", "stage": 1, "seed": 0},
        "origin": "raw",
        "versions": {"taiyi-corpus": "0"},
        "wanted": {"all": len(given)},
        "chosen": {"all": len(given)},
        "datasets": {
            "toy": {},
            "clinic": {},
            "pairs": {"taiyi": {"mt": [["MT-zh2en", "PairsOfTaiyi"]]}},
        },
        "styles": {},
        "counts": [Funnel(*key, n, n, n, n, n) for key, n in counts.items()],
    }
    write_manifest(
        Manifest(
            rows=len(given),
            shards=made,
            **(about | of_manifest),
        ),
        folder,
    )
    return folder


def write_tokenizer(folder: Path, template: str | None = CHATML) -> Path:
    """Write a byte-level tokenizer without merges: a token a byte, and the chat marks are special."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers

    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    tokenizer = Tokenizer(models.BPE({char: i for i, char in enumerate(alphabet)}, []))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_special_tokens(["<|endoftext|>", "<|im_start|>", "<|im_end|>"])
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer.save(str(folder / "tokenizer.json"))
    config: dict[str, Any] = {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "eos_token": "<|im_end|>",
        "pad_token": {"__type": "AddedToken", "content": "<|endoftext|>", "special": True},
    }
    if template is not None:
        config["chat_template"] = template
    (folder / "tokenizer_config.json").write_text(json.dumps(config), encoding="utf-8")
    return folder
