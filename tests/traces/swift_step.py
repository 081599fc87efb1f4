"""One step of GRPO in ms-swift with our plugin, on a tiny random model: `swift_step.py RECORDS OUT` (`make swift`).

Runs in an environment of ms-swift, which excludes the versions that the rest of this package wants.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import PreTrainedTokenizerFast, Qwen2Config, Qwen2ForCausalLM

from taiyi_corpus.rewards import PARTS, swift_plugin

SPECIAL = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]


def tiny(records: Path, folder: Path) -> Path:
    """Write a tokenizer and a model of random weights, as small as they come."""
    made = Tokenizer(models.BPE())
    made.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    made.decoder = decoders.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(vocab_size=600, special_tokens=SPECIAL, initial_alphabet=alphabet)
    made.train([str(records)], trainer)
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=made, pad_token=SPECIAL[0], eos_token=SPECIAL[2]
    )
    tokenizer.save_pretrained(folder)
    torch.manual_seed(0)
    config = Qwen2Config(
        vocab_size=len(tokenizer), hidden_size=16, intermediate_size=32, num_hidden_layers=2, num_attention_heads=2,
        num_key_value_heads=2, max_position_embeddings=4096, pad_token_id=0, eos_token_id=2, bos_token_id=None,
    )  # fmt: skip
    Qwen2ForCausalLM(config).save_pretrained(folder)
    return folder


def gold_is_worth_one(records: Path) -> None:
    """Check the plugin by the trainer's own table: each record's own solution earns every reward in full."""
    from swift.rewards import ORM, orms

    rows = [json.loads(line) for line in records.read_text(encoding="utf-8").splitlines()]
    columns = {name: [row[name] for row in rows] for name in ("solution", "question")}
    names = [f"taiyi_{mode}{part}" for mode in ("", "rexdrug_") for part in PARTS]
    for name in names:
        assert issubclass(orms[name], ORM), name
        earned = orms[name]()(completions=columns["solution"], **columns)
        assert all(abs(value - 1.0) < 1e-9 for value in earned), (name, earned)


def step(records: Path, model: Path, out: Path) -> list[dict[str, object]]:
    """Take one step and return what the trainer logged."""
    command = [
        str(Path(sys.executable).with_name("swift")), "rlhf", "--rlhf_type", "grpo", "--dataset", str(records),
        "--reward_funcs", *(f"taiyi_{part}" for part in PARTS), "--reward_weights", "0.05", "0.05", "0.1", "0.8",
        "--external_plugins", str(swift_plugin.__file__), "--model", str(model), "--model_type", "qwen2",
        "--template", "qwen2_5", "--tuner_type", "full", "--torch_dtype", "float32", "--use_cpu", "true",
        "--max_steps", "1", "--per_device_train_batch_size", "4", "--num_generations", "4",
        "--max_completion_length", "16", "--logging_steps", "1", "--report_to", "none", "--save_strategy", "no",
        "--load_from_cache_file", "false", "--dataloader_num_workers", "0", "--output_dir", str(out),
    ]  # fmt: skip
    subprocess.run(command, check=True)
    log = max(out.rglob("logging.jsonl"), key=lambda path: path.stat().st_mtime)
    return [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]


def main(records: Path, out: Path) -> None:
    """Check the rewards of records, and take a step on them."""
    gold_is_worth_one(records)
    logged = step(records, tiny(records, out / "model"), out / "trained")
    names = {name for line in logged for name in line}
    assert {f"rewards/strict_{part}/mean" for part in PARTS} <= names, names
    sys.stdout.write("ms-swift: gold is worth 1 by all rewards; one step of GRPO taken\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve())
