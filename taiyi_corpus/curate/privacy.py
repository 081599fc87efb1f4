"""What names a person in texts of patients, found by pattern, and the words that take its place."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from taiyi_corpus.curate.edits import Edit
from taiyi_corpus.spec.curation import Personal, Privacy
from taiyi_corpus.spec.dataset import DatasetSpec

_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈"
    "姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
)
# Order matters: an id-card number holds what looks like a phone number, an address holds what looks like an e-mail.
PATTERNS: dict[Personal, re.Pattern[str]] = {
    "link": re.compile(
        r"(?:https?://|www\.)[^\s，。；、）)\u4e00-\u9fff]*"
        r"(?:[?&](?:user|uid|userid|name|phone|mobile|token|openid|id|email)=[^\s，。；、）)\u4e00-\u9fff]+|/(?:user|u|people|space|profile)/[\w-]+)",
        re.IGNORECASE),
    "email": re.compile(
        r"(?<![\w.+-])[\w.+-]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,10}(?![\w-])", re.ASCII),
    "id_card": re.compile(
        r"(?<!\d)[1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx](?![\dA-Za-z])"),
    "phone": re.compile(
        r"(?<![\d.\-A-Za-z])(?:(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}|0\d{2,3}[- ]\d{7,8}|400[- ]?\d{3}[- ]?\d{4}"
        r"|(?:\+1[- ]?)?\(\d{3}\) ?\d{3}-\d{4}|(?:\+1[- ])?\d{3}-\d{3}-\d{4})(?![\d\-A-Za-z]|\.\d)"),
    "account": re.compile(
        r"(?:微信号?|薇信|威信|[Vv][Xx]|QQ群?号?|qq群?号?|扣扣|[Ww]e[Cc]hat)(?:\s*(?:是|为|[:：])\s*|\s*)([A-Za-z][\w-]{5,19}|[1-9]\d{4,11})(?![\w-])",
        re.ASCII),
    "record_number": re.compile(
        r"(?:住院号|病历号|病案号|门诊号|就诊卡号|病理号|检查号|影像号|医保卡号|MRN"
        r"|[Mm]edical [Rr]ecord (?:[Nn]umber|[Nn]o\.?))"
        r"\s*(?:是|为|[:：#])?\s*([A-Za-z]{0,3}\d{5,14})(?!\d)"),
    "name": re.compile(
        rf"(?:姓\s*名\s*[:：]\s*|我叫|我的名字叫|患者姓名\s*[:：]?\s*|(?:[Mm]y name is|[Nn]ame\s*:)\s+)"
        rf"([{_SURNAMES}][\u4e00-\u9fff]{{1,2}}(?=[，。,；;\s、]|$)|[A-Z][a-z]+ [A-Z][a-z]+)"),
}  # fmt: skip
WORDS: dict[Personal, tuple[str, str]] = {
    "link": ("[link]", "[链接]"),
    "email": ("[e-mail]", "[邮箱]"),
    "id_card": ("[id number]", "[身份证号]"),
    "phone": ("[phone]", "[电话]"),
    "account": ("[account]", "[账号]"),
    "record_number": ("[record number]", "[病历号]"),
    "name": ("[name]", "[姓名]"),
}
_DEIDENTIFICATION = re.compile("deid|de-id", re.IGNORECASE)


def looked_at(spec: DatasetSpec, privacy: Privacy) -> bool:
    """Return whether texts of a dataset are searched: those of patients, but for sets of surrogate names."""
    if not privacy.mask and not privacy.drop:
        return False
    # Surrogates of a de-identification set are what is annotated.
    if spec.id in privacy.exempt or _DEIDENTIFICATION.search(f"{spec.id} {' '.join(spec.tags)}"):
        return False
    return bool(set(privacy.tags) & set(spec.tags))


def found(text: str, kinds: Sequence[Personal]) -> Iterator[tuple[Personal, int, str]]:
    """Yield (kind, start, what) of everything personal of some kinds, in order, none inside another."""
    if not _MAY.search(text):
        return
    taken: list[tuple[int, int, Personal, str]] = []
    for kind, pattern in PATTERNS.items():
        for match in pattern.finditer(text):
            group = 1 if pattern.groups else 0
            start, end = match.span(group)
            if all(end <= a or b <= start for a, b, _, _ in taken):
                taken.append((start, end, kind, match.group(group)))
    for start, _, kind, what in sorted(taken):
        if kind in kinds:
            yield kind, start, what


# Everything personal has a digit, an @, an address, or stands after one of these words.
_MAY = re.compile(
    r"\d{4}|@|www\.|http|微信|薇信|威信|[Vv][Xx]|[Qq]{2}|扣扣|[Ww]e[Cc]hat|姓\s*名|我叫|名字|[Nn]ame"
)


def masked(text: str, kinds: Sequence[Personal], language: str) -> list[Edit]:
    """Return edits that put a word for what it is in the place of everything personal."""
    return [
        Edit(start, what, WORDS[kind][language == "zh"]) for kind, start, what in found(text, kinds)
    ]
