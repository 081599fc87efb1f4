"""Facts on a disease as one dialogue: a question on each attribute that is there, and its value as the answer.

A mapping cannot ask. The order of the questions is that of a consultation, not that of the file.
"""

from __future__ import annotations

from collections.abc import Iterator

from taiyi_corpus.adapters import Side
from taiyi_corpus.readers.row import BadRow, Row

# attribute -> question, answer
_ROUNDS = {
    "desc": ("{name}是一种什么病？", "{value}"),
    "cause": ("{name}是什么原因引起的？", "{value}"),
    "symptom": ("{name}有哪些症状？", "{name}的常见症状有：{value}。"),
    "easy_get": ("哪些人容易得{name}？", "{name}的易感人群：{value}。"),
    "get_way": ("{name}会传染吗？", "{name}的传染方式：{value}。"),
    "acompany": ("{name}会引起哪些并发症？", "{name}可能的并发症有：{value}。"),
    "cure_department": ("得了{name}应该挂什么科？", "建议到{value}就诊。"),
    "check": ("{name}需要做哪些检查？", "{name}的常用检查有：{value}。"),
    "cure_way": ("{name}怎么治疗？", "{name}的治疗方式有：{value}。"),
    "common_drug": ("治疗{name}常用什么药？", "{name}的常用药物有：{value}。用药请遵医嘱。"),
    "cure_lasttime": ("{name}要治疗多久？", "{name}的治疗周期一般为{value}。"),
    "cured_prob": ("{name}能治好吗？", "{name}的治愈率约为{value}。"),
    "do_eat": ("得了{name}宜吃什么？", "{name}患者宜吃：{value}。"),
    "not_eat": ("得了{name}不能吃什么？", "{name}患者忌吃：{value}。"),
    "prevent": ("怎么预防{name}？", "{value}"),
}


def adapt(rows: Iterator[Row], side: Side) -> Iterator[Row | BadRow]:
    """Replace the attributes asked for by `turns`; the others stay."""
    for row in rows:
        turns = []
        for attribute, (question, answer) in _ROUNDS.items():
            found = row.data.get(attribute) or ""
            value = ("、".join(found) if isinstance(found, list) else found).strip()
            if not value:
                continue
            # Inside a sentence the value's own full stop would be a second one.
            named = {
                "name": row.data["name"],
                "value": value if answer == "{value}" else value.rstrip("。"),
            }
            turns.append({"role": "user", "text": question.format_map(named)})
            turns.append({"role": "assistant", "text": answer.format_map(named)})
        rest = {key: value for key, value in row.data.items() if key not in _ROUNDS}
        yield Row(row.where, row.key, rest | {"turns": turns})
