"""TRL on what a run exports: one step of GRPO with our rewards, one of SFT, on a tiny random model (`make trl`)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("trl", reason="`make trl` installs it in an environment of its own")

import torch
from datasets import Dataset
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast
from trl import GRPOConfig, GRPOTrainer, SFTConfig, SFTTrainer

from taiyi_corpus.rewards import reward_funcs, reward_weights
from tests.traces.server import serving
from tests.traces.world import questions, run

TEMPLATE = (
    "{% for message in messages %}<|{{ message['role'] }}|>{{ message['content'] }}</s>{% endfor %}"
    "{% if add_generation_prompt %}<|assistant|>{% endif %}"
)


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a run of eight questions exports."""
    out = tmp_path_factory.mktemp("trl") / "out"
    with serving() as server:
        run(server, out, questions(8))
    return out


def records(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="module")
def tokenizer(exported: Path) -> PreTrainedTokenizerFast:
    """A byte-level tokenizer, trained on the records."""
    made = Tokenizer(models.BPE())
    made.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    made.decoder = decoders.ByteLevel()
    special = ["<pad>", "<s>", "</s>"]
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(vocab_size=600, special_tokens=special, initial_alphabet=alphabet)
    made.train([str(exported / "sft.jsonl")], trainer)
    fast = PreTrainedTokenizerFast(
        tokenizer_object=made, pad_token="<pad>", bos_token="<s>", eos_token="</s>"
    )
    fast.chat_template = TEMPLATE
    return fast


def tiny(tokenizer: PreTrainedTokenizerFast) -> LlamaForCausalLM:
    torch.manual_seed(0)
    config = LlamaConfig(
        vocab_size=len(tokenizer), hidden_size=16, intermediate_size=32, num_hidden_layers=2,
        num_attention_heads=2, num_key_value_heads=2, max_position_embeddings=4096,
        pad_token_id=tokenizer.pad_token_id, bos_token_id=tokenizer.bos_token_id, eos_token_id=tokenizer.eos_token_id,
    )  # fmt: skip
    return LlamaForCausalLM(config)


def settings(folder: Path) -> dict[str, Any]:
    return {
        "output_dir": str(folder), "max_steps": 1, "logging_steps": 1, "report_to": [], "save_strategy": "no",
        "use_cpu": True, "bf16": False, "learning_rate": 1e-3,
    }  # fmt: skip


@pytest.mark.parametrize("mode", ["strict", "rexdrug"])
def test_grpo_takes_a_step_on_our_records_and_rewards(
    mode: Any, exported: Path, tokenizer: PreTrainedTokenizerFast, tmp_path: Path
) -> None:
    functions = reward_funcs(mode)
    given = GRPOConfig(
        **settings(tmp_path), per_device_train_batch_size=4, num_generations=4, max_completion_length=16,
        reward_weights=reward_weights(mode),
    )  # fmt: skip
    trainer = GRPOTrainer(
        tiny(tokenizer), reward_funcs=functions, args=given, processing_class=tokenizer,
        train_dataset=Dataset.from_list(records(exported / "rl_trl.jsonl")),
    )  # fmt: skip
    assert trainer.train().global_step == 1
    logged = {name for line in trainer.state.log_history for name in line}
    assert {f"rewards/{function.__name__}/mean" for function in functions} <= logged


def test_sft_takes_a_step_on_the_trace_records(
    exported: Path, tokenizer: PreTrainedTokenizerFast, tmp_path: Path
) -> None:
    made = [{"messages": one["messages"]} for one in records(exported / "sft.jsonl")]
    given = SFTConfig(**settings(tmp_path), per_device_train_batch_size=2, max_length=4096)
    trainer = SFTTrainer(
        tiny(tokenizer),
        args=given,
        processing_class=tokenizer,
        train_dataset=Dataset.from_list(made),
    )
    done = trainer.train()
    assert done.global_step == 1
    assert 0 < done.training_loss < 100
