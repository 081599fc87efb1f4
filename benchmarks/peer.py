"""The pipeline users write with `datasets`: load, map with compiled templates, interleave, write Parquet.

It makes the same rows of the same records as a build: one question a record and task, mentions and relations grouped
by type. Its records are JSON lines, written before the clock starts, as a build's are Parquet.
"""

from __future__ import annotations

import functools
import json
import os
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.data import SPECS
from benchmarks.peer_near import TOOLS, Row

_TYPES = ["chemical", "disease"]
_NER = (
    "Find every {{ types | join(', ') }} in the text. Answer with one line a type.\n\n{{ text }}",
    "{% for type in types %}{{ type }}: {{ mentions | selectattr('type', 'equalto', type) | map(attribute='text')"
    " | unique | join(', ') or 'none' }}\n{% endfor %}",
)
_RE = (
    "Which chemical causes which disease? Answer with one pair a line.\n\n{{ text }}",
    "{% for one in relations %}({{ one.head }}, {{ one.tail }})\n{% else %}none{% endfor %}",
)
# task of a dataset -> prompt, answer
TEMPLATES: dict[str, tuple[str, str]] = {
    "pubtator": _NER, "bioc": _NER, "brat": _NER, "brat-relations": _RE,
    "questions_zh": ("{{ question }}", "{{ answer }}"),
    "questions_en": ("{{ question }}", "{{ answer }}"),
    "choices": ("{{ question }}\n{% for one in choices %}{{ one.key }}. {{ one.text }}\n{% endfor %}Answer with the"
                " option.", "{{ answer }}"),
    "classes": ("Which of improved, worse, unchanged does the text say?\n\n{{ text }}", "{{ label }}"),
    "dialogues": ("", ""),
}  # fmt: skip


def write_records(world: Path) -> None:
    """Write the records that a build kept as JSON lines: a folder a language, a file a part of a dataset."""
    import pyarrow.parquet as pq

    from taiyi_corpus.schema.arrow import from_table

    if (world / "lines" / ".whole").exists():
        return
    for name, (language, _, _) in SPECS.items():
        target = world / "lines" / language
        target.mkdir(parents=True, exist_ok=True)
        for part in sorted((world / "cache" / "records" / name).glob("*/train-*.parquet")):
            with (target / f"{name}-{part.stem}.jsonl").open("w", encoding="utf-8") as file:
                for record in from_table(pq.read_table(part)):
                    file.write(json.dumps(_flat(record), ensure_ascii=False) + "\n")
    (world / "lines" / ".whole").touch()


def _flat(record: Any) -> Row:
    if record.entities is not None:
        row = {"text": record.text,
               "mentions": [{"type": one.type.lower(), "text": one.text} for one in record.entities]}  # fmt: skip
        if record.relations is not None:
            name = {entity.id: entity.text for entity in record.entities}
            pairs = [[name[arg.ref] for arg in one.args] for one in record.relations]
            row["relations"] = [{"head": a, "tail": b} for a, b in pairs]
        return row
    if record.turns is not None:
        return {"turns": [{"role": turn.role, "content": turn.text} for turn in record.turns]}
    if record.labels is not None:
        return {"text": record.text, "label": record.labels[0]}
    row = {"question": record.question, "answer": record.answers[0].text}
    if record.choices is not None:
        row["choices"] = [{"key": one.key, "text": one.text} for one in record.choices]
    return row


def peer(world: str, processes: str) -> Row:
    """Run the pipeline on the JSON lines of a world."""
    with tempfile.TemporaryDirectory(dir=world) as cache:
        return _mixed(Path(world) / "lines", cache, int(processes))


def composed(world: str, tool: str) -> Row:
    """Take near duplicates out of the JSON lines of a world, with two workers; run the pipeline on what stays."""
    lines = Path(world) / "lines"
    with tempfile.TemporaryDirectory(dir=world) as name:
        left = Path(name) / "left"
        left.mkdir()
        start = time.perf_counter()
        for language in ("en", "zh"):
            TOOLS[tool](lines / language, left / language, language == "zh", 2)
        near = time.perf_counter() - start
        made = _mixed(left, name, 2)
    return made | {"near": near}


def _mixed(lines: Path, cache: str, processes: int) -> Row:
    os.environ["HF_HUB_OFFLINE"] = "1"
    import datasets

    datasets.disable_progress_bars()
    more = {} if processes == 1 else {"num_proc": processes}
    start = time.perf_counter()
    loaded = {
        name: datasets.load_dataset(
            "json", data_files=f"{lines}/*/{name}-*.jsonl", split="train", cache_dir=cache
        )
        for name in SPECS
    }
    middle = time.perf_counter()
    mapped = []
    for name in TEMPLATES:
        rows = loaded[name.partition("-")[0]]
        mapped.append(
            rows.map(_convert, fn_kwargs={"name": name}, remove_columns=rows.column_names, **more)
        )
    total = sum(map(len, mapped))
    mixed = datasets.interleave_datasets(
        mapped, probabilities=[len(rows) / total for rows in mapped], seed=0, stopping_strategy="first_exhausted"
    )  # fmt: skip
    mixed.to_parquet(f"{cache}/mixed.parquet")
    end = time.perf_counter()
    records = sum(map(len, loaded.values()))
    return {"records": records, "rows": total, "kept": len(mixed), "load": middle - start, "rest": end - middle}  # fmt: skip


@functools.cache
def _compiled(name: str) -> tuple[Any, Any]:
    from jinja2 import Environment, StrictUndefined

    compiled = Environment(undefined=StrictUndefined, autoescape=False).from_string
    prompt, answer = TEMPLATES[name]
    return compiled(prompt), compiled(answer)


def _convert(row: Row, name: str) -> Row:
    if name == "dialogues":
        return {"messages": row["turns"], "dataset": name}
    prompt, answer = _compiled(name)
    messages = [
        {"role": "user", "content": prompt.render(**row, types=_TYPES)},
        {"role": "assistant", "content": answer.render(**row, types=_TYPES)},
    ]
    return {"messages": messages, "dataset": name}
