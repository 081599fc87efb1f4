"""axolotl: its own loader reads messages as the card says, and its chat template strategy trains the answers."""

from __future__ import annotations

import sys
from pathlib import Path

from axolotl.utils.data.sft import (
    _load_raw_datasets,
)  # it has no public door that stops before training
from axolotl.utils.dict import DictDefault
from stretches import LIMIT, by_labels, expected, same
from transformers import AutoTokenizer


# `_load_raw_datasets`: axolotl has no public door that stops before training.
def main(folder: Path) -> None:
    tokenizer = AutoTokenizer.from_pretrained(folder / "tokenizer")
    wanted = expected(folder)
    for name, kind in (("messages-parquet", "parquet"), ("messages-jsonl", "json")):
        files = sorted((folder / name / "train").iterdir())
        dataset = {
            "path": str(folder / name / "train"), "data_files": [str(file) for file in files], "ds_type": kind,
            "type": "chat_template", "chat_template": "tokenizer_default", "field_messages": "messages",
            "message_property_mappings": {"role": "role", "content": "content"}, "roles_to_train": ["assistant"],
        }  # fmt: skip
        config = DictDefault(
            {
                "datasets": [DictDefault(dataset)], "sequence_len": LIMIT, "train_on_inputs": False, "seed": 0,
                "is_preprocess": True, "dataset_processes": 1, "chat_template": "tokenizer_default",
                "dataset_prepared_path": str(folder / "axolotl"), "excess_length_strategy": "raise",
            }
        )  # fmt: skip
        rows, _ = _load_raw_datasets(config, [DictDefault(dataset)], tokenizer, "train")
        same(name, by_labels(tokenizer, rows), wanted)


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve())
