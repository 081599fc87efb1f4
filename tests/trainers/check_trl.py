"""TRL: SFTTrainer reads messages, prompt-completion and our tokens, and takes a step on a CPU."""

from __future__ import annotations

import sys
from pathlib import Path

import datasets
import torch
from stretches import LIMIT, by_labels, expected, same
from transformers import AutoTokenizer, LlamaConfig, LlamaForCausalLM
from trl import SFTConfig, SFTTrainer


def model() -> LlamaForCausalLM:
    torch.manual_seed(0)
    config = LlamaConfig(
        vocab_size=300, hidden_size=32, intermediate_size=64, num_hidden_layers=1, num_attention_heads=2,
        max_position_embeddings=1024,
    )  # fmt: skip
    return LlamaForCausalLM(config)


def trainer(folder: Path, rows: datasets.Dataset, tokenizer: object, **given: object) -> SFTTrainer:
    settings = {
        "output_dir": str(folder / "trl"), "max_steps": 1, "per_device_train_batch_size": 2, "use_cpu": True,
        "report_to": [], "save_strategy": "no", "max_length": LIMIT, "bf16": False,
    }  # fmt: skip
    args = SFTConfig(**(settings | given))
    return SFTTrainer(model=model(), args=args, train_dataset=rows, processing_class=tokenizer)


def main(folder: Path) -> None:
    tokenizer = AutoTokenizer.from_pretrained(folder / "tokenizer")
    wanted = expected(folder)
    few = len(wanted) < 10  # a step on long rows takes minutes without showing more

    def read(name: str) -> datasets.Dataset:
        files = [
            str(file)
            for file in sorted((folder / name).rglob("*.parquet"))
            if file.stem != "ledger"
        ]
        return datasets.load_dataset(
            "parquet", data_files=files, split="train", cache_dir=str(folder / "cache")
        )

    chat = trainer(
        folder,
        read("messages-parquet").select_columns(["messages"]),
        tokenizer,
        assistant_only_loss=True,
    )
    same("messages", by_labels(tokenizer, chat.train_dataset), wanted)
    if few:
        chat.train()

    pairs = trainer(
        folder,
        read("prompt-completion-parquet").select_columns(["prompt", "completion"]),
        tokenizer,
    )
    # The last answer is the completion, and TRL trains the line break that ChatML puts after its end mark.
    last = sorted([one[-1] + "\n"] for one in wanted)
    same("prompt-completion", by_labels(tokenizer, pairs.train_dataset), last)
    if few:
        pairs.train()

    tokens = read("tokens")
    same("tokens", by_labels(tokenizer, tokens), wanted)
    ready = trainer(folder, tokens.select_columns(["input_ids", "labels"]), tokenizer)
    same("tokens in SFTTrainer", by_labels(tokenizer, ready.train_dataset), wanted)
    if few:
        ready.train()

    packed = read("packed")
    flat = sorted([one] for row in by_labels(tokenizer, packed) for one in row)
    same("packed", flat, sorted([one] for answers in wanted for one in answers))
    columns = packed.select_columns(["input_ids", "labels", "seq_lengths"])
    packing = trainer(folder, columns, tokenizer, padding_free=True, max_length=None)
    if few:
        packing.train()
        sys.stdout.write(
            "TRL: one step each on messages, prompt-completion, tokens and packed tokens\n"
        )


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve())
