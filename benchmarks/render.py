"""Measure rendering beside its limits and a peer, in one run.

    python -m benchmarks.render --rows 20000 --repeat 5

For invented records of about 900 characters: instances a second of this package (slot-only questions, NER with grouped
answers), of the same wording in plain compiled Jinja, and of `datasets.map` with that template. Prints medians, and
a chi-square test of how evenly wordings are drawn over 10,000 records.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections import Counter
from collections.abc import Callable

from jinja2 import Environment, StrictUndefined

from taiyi_corpus.instruct.ask import Candidate, Setting
from taiyi_corpus.instruct.render import render
from taiyi_corpus.instruct.wording import task_templates
from taiyi_corpus.schema.record import Answer, Entity, Record, Span
from taiyi_corpus.spec.dataset import DatasetSpec
from taiyi_corpus.spec.recipe import Group, Recipe
from taiyi_corpus.spec.strict import read_text

_SPEC = """\
id: bench
name: Bench
language: en
tasks: [ner, qa_cqa]
about: Invented records.
homepage: https://example.org
citation: {text: none}
license: {name: CC0-1.0, says: this file, redistributable: true}
access: open
source: {manual: made by the benchmark}
reader: {format: jsonl}
splits: {train: {sources: [{files: [x.jsonl]}]}}
labels:
  entities:
    Chemical: {en: chemical, zh: 化学物质}
    Disease: {en: disease, zh: 疾病}
    Gene: {en: gene, zh: 基因}
"""
_JINJA = "{{ context }}\n\n{{ question }}"


def records(rows: int) -> list[Record]:
    """Return invented records of about 900 characters with six mentions each."""
    made = []
    for n in range(rows):
        words = ["foomycin", "bar failure", "GENE7", "bazolol", "quux syndrome", "ABC2"]
        text, entities = "", []
        for i, word in enumerate(words):
            text += f"In cohort {n} the investigators followed patients over {i + 2} years and then reported that "
            start = len(text)
            text += word
            type_ = ("Chemical", "Disease", "Gene")[i % 3]
            entities.append(
                Entity(id=f"T{i}", type=type_, spans=[Span(start, len(text))], text=word)
            )
            text += " was the most frequent finding of all. "
        made.append(
            Record(
                id=f"bench/train/{n}",
                dataset="bench",
                split="train",
                language="en",
                origin="raw",
                license="CC0-1.0",
                text=text,
                entities=entities,
                question=f"What was most frequent in cohort {n}?",
                context=text,
                answers=[Answer(text="bar failure")],
            )
        )
    return made


def rates(function: Callable[[], int], repeat: int) -> tuple[float, float]:
    """Return the medians of results a second of processor time and by the clock, over `repeat` runs after a warm-up."""
    function()
    used, passed = [], []
    for _ in range(repeat):
        cpu, clock = time.process_time(), time.perf_counter()
        count = function()
        used.append(count / (time.process_time() - cpu))
        passed.append(count / (time.perf_counter() - clock))
    return statistics.median(used), statistics.median(passed)


def chi_square(rows: list[Record], setting: Setting) -> tuple[float, int]:
    """Return chi-square of the wordings drawn, and its degrees of freedom."""
    templates = [
        render(record, Candidate("ner", "all_types", 0), setting).template for record in rows
    ]
    drawn = Counter(templates)
    kinds = len(task_templates("ner", "en").wordings["all_types"])
    expected = len(rows) / kinds
    return sum(
        (drawn[f"en/ner.all_types.{k}"] - expected) ** 2 / expected for k in range(kinds)
    ), kinds - 1


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=20_000)
    parser.add_argument("--repeat", type=int, default=5)
    args = parser.parse_args()
    import datasets

    datasets.disable_progress_bars()
    datasets.disable_caching()
    rows = records(args.rows)
    setting = Setting(
        read_text(_SPEC, "bench", DatasetSpec),
        Recipe(name="b", about="b", stage=1, groups=[Group(name="all")]),
    )
    template = Environment(undefined=StrictUndefined, autoescape=False).from_string(_JINJA)
    table = datasets.Dataset.from_dict(
        {"context": [r.context for r in rows], "question": [r.question for r in rows]}
    )

    def ours(task: str, form: str) -> Callable[[], int]:
        def one_by_one() -> int:
            # As in a build, an instance is gone when the next is made.
            for record in rows:
                render(record, Candidate(task, form, 0), setting)
            return len(rows)

        return one_by_one

    def jinja() -> int:
        for r in rows:
            template.render(context=r.context, question=r.question)
        return len(rows)

    def peer() -> int:
        return len(table.map(lambda row: {"prompt": template.render(**row)}))

    lines = [
        (
            "this package, slots only (qa_cqa)",
            rates(ours("qa_cqa", "context_question"), args.repeat),
        ),
        ("this package, NER with grouped answers", rates(ours("ner", "all_types"), args.repeat)),
        ("jinja2, compiled once, the same slots", rates(jinja, args.repeat)),
        ("datasets.map with that template", rates(peer, args.repeat)),
    ]
    print(f"{'instances a second':45} {'of one core':>12} {'by the clock':>14}")
    for name, (used, passed) in lines:
        print(f"{name:45} {used:12,.0f} {passed:14,.0f}")
    square, freedom = chi_square(rows[:10_000], setting)
    print(
        f"wordings of ner.all_types over {min(args.rows, 10_000):,} records: chi-square {square:.1f}, {freedom} degrees"
    )


if __name__ == "__main__":
    main()
