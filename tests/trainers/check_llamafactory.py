"""LLaMA-Factory: its own loader reads alpaca and sharegpt by our dataset_info.json, and trains the answers."""

from __future__ import annotations

import importlib.machinery
import json
import os
import sys
import types
from pathlib import Path

from stretches import LIMIT, by_labels, expected, same

os.environ.setdefault("DISABLE_VERSION_CHECK", "1")
# It imports torchaudio for speech models; no text needs it.
audio = types.ModuleType("torchaudio")
audio.__spec__ = importlib.machinery.ModuleSpec("torchaudio", None)
sys.modules.setdefault("torchaudio", audio)

from llamafactory.data import get_dataset, get_template_and_fix_tokenizer  # noqa: E402
from llamafactory.hparams import get_train_args  # noqa: E402
from transformers import AutoTokenizer, LlamaConfig, LlamaForCausalLM  # noqa: E402


def main(folder: Path) -> None:
    model = folder / "llamafactory-model"
    LlamaForCausalLM(
        LlamaConfig(
            vocab_size=300,
            hidden_size=32,
            intermediate_size=64,
            num_hidden_layers=1,
            num_attention_heads=2,
        )
    ).save_pretrained(model)
    AutoTokenizer.from_pretrained(folder / "tokenizer").save_pretrained(model)
    for name in ("alpaca-parquet", "sharegpt-parquet", "alpaca-jsonl", "sharegpt-jsonl"):
        info = (folder / name / "dataset_info.json").read_text(encoding="utf-8")
        arguments = {
            "stage": "sft", "do_train": True, "model_name_or_path": str(model), "template": "chatml",
            "dataset_dir": str(folder / name), "dataset": next(iter(json.loads(info))), "cutoff_len": LIMIT,
            "output_dir": str(folder / "llamafactory"), "overwrite_cache": True, "report_to": "none",
            "finetuning_type": "full", "preprocessing_num_workers": 1, "use_cpu": True, "bf16": False,
        }  # fmt: skip
        model_args, data_args, training_args, _, _ = get_train_args(arguments)
        tokenizer = AutoTokenizer.from_pretrained(model)
        template = get_template_and_fix_tokenizer(tokenizer, data_args)
        read = get_dataset(
            template, model_args, data_args, training_args, stage="sft", tokenizer=tokenizer
        )
        # Its ChatML trains the line break after the end mark too.
        wanted = [[text + "\n" for text in row] for row in expected(folder)]
        same(name, by_labels(tokenizer, read["train_dataset"]), wanted)


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve())
