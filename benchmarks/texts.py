"""Invented texts: words of a fixed vocabulary, drawn by a seeded generator."""

from __future__ import annotations

import random

Mention = tuple[int, int, str, str]  # start, end, mention, type

_STEMS = """
patient cohort trial dose serum plasma tissue receptor kinase inhibitor response outcome baseline therapy placebo
follow-up adverse event remission relapse lesion biopsy marker expression mutation pathway cell culture assay sample
control group study analysis association risk factor age sex mean median interval ratio significant increase decrease
reduction difference treatment diagnosis prognosis mortality survival infection
""".split()
_SMALL = "the of in with and was were by for after before during than not is are as at from this that we had".split()
_DRUGS = [
    a + b
    for a in ("foro", "bel", "zeno", "mira", "tolu", "caspi")
    for b in ("mycin", "lol", "tidine", "zepam", "statin")
]
_DISEASES = [
    f"{a} {b}"
    for a in ("renal", "hepatic", "cardiac", "ocular")
    for b in ("failure", "toxicity", "syndrome", "fibrosis")
]
_ZH = """
患者 胃部 胀痛 饭后 明显 请问 需要 检查 根据 描述 考虑 功能性 消化不良 建议 复查 清淡 饮食 必要时 胃镜 头痛 发热 咳嗽 两天 一周 服用
药物 效果 不好 是否 手术 医院 治疗 注意 休息 血压 偏高 糖尿病 孕期 宝宝 皮肤 瘙痒 过敏 感染 抗生素 中药 调理 睡眠
""".split()


def sentence(rng: random.Random) -> str:
    words: list[str] = []
    for _ in range(rng.randrange(3, 7)):
        words += (*rng.sample(_SMALL, 2), rng.choice(_STEMS), rng.choice(_STEMS))
    return f"{' '.join(words).capitalize()} {rng.randrange(1000)}."


def passage(rng: random.Random, sentences: int) -> str:
    return " ".join(sentence(rng) for _ in range(sentences))


def chinese(rng: random.Random, words: int) -> str:
    return "".join(rng.choices(_ZH, k=words)) + f"{rng.randrange(10_000)}" + "。"


def terms(rng: random.Random, count: int) -> list[str]:
    return rng.sample(_STEMS, count)


def document(rng: random.Random) -> tuple[str, str, list[Mention]]:
    """Return title, abstract and the mentions of both."""
    title = sentence(rng)
    text, mentions = title + " ", []
    for _ in range(rng.randrange(6, 10)):
        text += sentence(rng)[:-1] + " "
        for type_, names in (("Chemical", _DRUGS), ("Disease", _DISEASES)):
            name = rng.choice(names)
            mentions.append((len(text), len(text) + len(name), name, type_))
            text += name + (" and " if type_ == "Chemical" else ". ")
    return title, text[len(title) + 1 :].rstrip(), mentions
