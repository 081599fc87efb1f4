"""The part of the dataset card that says how trainers read the corpus."""

from __future__ import annotations

_TEXT = """\
## Training
Rows hold chat `messages`; train on the assistant turns only. Read it with the `datasets` library:

```python
from datasets import load_dataset

rows = load_dataset("parquet", data_files="data/train-*.parquet", split="train")
```

TRL:

```python
from trl import SFTConfig, SFTTrainer

SFTTrainer(
    model=...,
    train_dataset=rows.select_columns(["messages"]),
    args=SFTConfig(assistant_only_loss=True, max_length=2048),  # TRL cuts at 1,024 if not told
)
```

axolotl:

```yaml
datasets:
  - path: data
    data_files: [data/train-*.parquet]
    ds_type: parquet
    type: chat_template
    field_messages: messages
    message_property_mappings: {role: role, content: content}
    roles_to_train: [assistant]
train_on_inputs: false
sequence_len: 2048
```

ms-swift (`--strict true`, or it drops what it cannot read without an error):

```sh
taiyi-corpus export . --format messages --file-type jsonl --out messages-export
swift sft --model MODEL --dataset messages-export/train/train.jsonl --strict true --max_length 2048
```

LLaMA-Factory (give it a template whose system text you want: it fills an empty one with its own):

```sh
taiyi-corpus export . --format sharegpt --out sharegpt-export
llamafactory-cli train --stage sft --do_train --dataset_dir sharegpt-export --dataset taiyi_corpus_{name}_train \\
  --cutoff_len 2048
```"""


def trainers(name: str) -> list[str]:
    """Return the lines of the card that show how to train on a recipe's corpus."""
    return _TEXT.replace("{name}", name.replace("-", "_")).splitlines()
