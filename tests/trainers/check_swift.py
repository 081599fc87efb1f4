"""ms-swift: its own loader reads messages, strictly, and its ChatML template trains the answers."""

from __future__ import annotations

import sys
from pathlib import Path

from stretches import LIMIT, by_labels, expected, same
from swift.dataset import load_dataset
from swift.model import get_processor
from swift.template import get_template
from transformers import AutoTokenizer, LlamaConfig, LlamaForCausalLM


def main(folder: Path) -> None:
    model = folder / "swift-model"
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
    processor = get_processor(str(model), model_type="llama")
    template = get_template(processor, template_type="chatml", max_length=LIMIT)
    template.set_mode("train")
    # Its ChatML trains the line break after the end mark too.
    wanted = [[text + "\n" for text in row] for row in expected(folder)]
    for name in ("messages-jsonl", "messages-parquet"):
        files = [str(file) for file in sorted((folder / name / "train").iterdir())]
        rows, _ = load_dataset(files, strict=True, num_proc=1, load_from_cache_file=False)
        encoded = [template.encode(dict(row)) for row in rows]
        same(name, by_labels(processor, encoded), wanted)


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve())
