"""Prompts on trial articles, each judged by several annotators: one answer a prompt, and its evidence.

The judgements lie in a second file, a row each, some rejected by a verifier and some disagreeing; a mapping cannot
choose among them. A prompt with no accepted judgement, or flagged by the makers of the corpus, keeps no answer.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any

from taiyi_corpus.adapters import Side
from taiyi_corpus.readers.row import Row

_LABELS = {
    "1": "significantly increased",
    "0": "no significant difference",
    "-1": "significantly decreased",
}
_YES = ("True", "1")  # two versions are merged in the file
# Prompts that annotations/README.md of the corpus says are wrong, questionable or lack context.
_FLAGGED = """
911 912 1262 1261 3044 3248 3111 3620 4308 4490 4491 4324 4325 4492 4824 5000 5001 5002 5046 5047 4948 5639 5710 5752
5775 5782 5841 5843 5861 5862 5863 5964 5965 5966 5975 4807 5776 5777 5778 5779 5780 5781 6034 6065 6066 6666 6667 6668
6669 7040 7042 7944 8590 8605 8606 8639 8640 8745 8747 8749 8877 8878 8593 8631 8635 8884 8886 8773 10032 10035 8876
8875 8885 8917 8921 8118 10885 10886 10887 10888 10889 10890
7811 7812 7813 7814 7815 8197 8198 8199 8200 8201 9429 9430 9431 8536 9432
3514 346 5037 4715 8767 9295 9297 8870 9862
"""


def adapt(rows: Iterator[Row], side: Side) -> Iterator[Row]:
    """Add `question`, `answer` (most accepted judgements, else the first), `evidence` and all `judgements`."""
    judgements: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    for judgement in side["annotations"]:
        judgements[judgement.data["PromptID"]].append(judgement.data)
    flagged = frozenset(_FLAGGED.split())
    for row in rows:
        data, prompt = row.data, row.data["PromptID"]
        found = judgements[prompt]
        made: dict[str, Any] = {"question": _question(data), "judgements": found}
        accepted = [j for j in found if j["Valid Label"] in _YES and j["Label Code"] in _LABELS]
        if prompt in flagged:
            made["flagged"] = True
        elif accepted:
            code = Counter(j["Label Code"] for j in accepted).most_common(1)[0][0]
            chosen = [j for j in accepted if j["Label Code"] == code]
            best = next((j for j in chosen if j["Valid Reasoning"] in _YES), chosen[0])
            made |= {"answer": _LABELS[code], "evidence": best["Annotations"]}
        yield Row(row.where, row.key, {**data, **made})


def _question(data: dict[str, Any]) -> str:
    comparator, intervention, outcome = (
        data[slot].strip() for slot in ("Comparator", "Intervention", "Outcome")
    )
    return f"Compared to {comparator} what was the result of {intervention} on {outcome}?"
