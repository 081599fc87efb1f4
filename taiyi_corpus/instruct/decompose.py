"""Which labels an instance asks for: all of them, some, or one; hard ones beside those of the answer."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from taiyi_corpus import hashing
from taiyi_corpus.instruct.ask import Refused
from taiyi_corpus.instruct.setting import LabelKind, Setting, of_task
from taiyi_corpus.instruct.similarity import by_alikeness

_FEWEST = 3  # labels from which on some of them are a part of their own


def forms_of(
    setting: Setting, kind: LabelKind, task: str, forms: dict[str, float]
) -> dict[str, float]:
    """Return the forms a label set has room for: of two labels none can be left out, and one is all there is."""
    count = len(setting.asked(kind, "en"))
    if count >= _FEWEST:
        return forms
    whole, subset, one = forms
    same = count == 1 and setting.rate(task, whole, forms[whole]) > 0
    return {
        form: rate for form, rate in forms.items() if form != subset and not (same and form == one)
    }


def labels_shown(setting: Setting, kind: LabelKind, language: str, task: str, form: str, key: str,
                 present: Collection[str]) -> Mapping[str, str]:  # fmt: skip
    """Return label -> surface name of the labels that an instance shows, in the order shown.

    All that are asked for; in the form `subset` some, drawn by hash; `options` of the recipe at most. Those of
    `present` are always among them, but in a subset.
    """
    names = setting.asked(kind, language)
    codes = list(names)
    if form == "subset":
        codes = _subset(setting, task, key, codes, present)
    most = of_task(setting.recipe.options, task, None)
    if most is not None and len(codes) > most:
        codes = _limited(setting, key, codes, names, [c for c in codes if c in present], most)
    if setting.recipe.label_order == "shuffled":
        codes = hashing.shuffled(codes, setting.seed, "labels", key)
    return {code: names[code] for code in codes}


def _subset(
    setting: Setting, task: str, key: str, codes: list[str], present: Collection[str]
) -> list[str]:
    """Return two labels or more, but not all: one that is there among them, unless absent ones are to be asked for."""
    size = 2 + hashing.hash64(setting.seed, "subset.size", key) % (len(codes) - 2)
    order = hashing.shuffled(codes, setting.seed, "subset", key)
    absent = [code for code in order if code not in present]
    if len(absent) >= 2 and setting.asks_absent(task, key):
        kept = set(absent[:size])
    else:
        first = next((code for code in order if code in present), order[0])
        kept = {first, *[code for code in order if code != first][: size - 1]}
    return [code for code in codes if code in kept]


def _limited(setting: Setting, key: str, codes: list[str], names: Mapping[str, str], gold: list[str],
             most: int) -> list[str]:  # fmt: skip
    """Return the labels of the answer, those most like them for half of the room left, and others by hash."""
    room = max(most - len(gold), 0)
    kept = set(gold)
    others = tuple(names[code] for code in codes if code not in kept)
    of_name = {names[code]: code for code in codes}
    # Turn by turn, so that each label of the answer has its own neighbours.
    ranked = [by_alikeness(names[code], others) for code in gold]
    hard = list(dict.fromkeys(name for turn in zip(*ranked, strict=True) for name in turn))
    kept.update(of_name[name] for name in hard[: (room + 1) // 2])
    rest = [c for c in hashing.shuffled(codes, setting.seed, "options", key) if c not in kept]
    kept.update(rest[: max(most - len(kept), 0)])
    return [code for code in codes if code in kept]


def drawn_label(
    present: Iterable[str], absent: Iterable[str], k: int, setting: Setting, task: str, key: str
) -> str:
    """Return the label that the k-th of the instances with one label asks for; none is asked twice under one key.

    While there are labels of both kinds left, an absent one is drawn at the rate `absent`. Where none is left that is
    there, nothing is to be found, and the instance is kept at the rate `negatives`.

    Raises:
        Refused: all labels are used up, or there is nothing to find and the instance is not kept.
    """
    there = hashing.shuffled(sorted(present), setting.seed, f"{task}.present", key)
    missing = hashing.shuffled(sorted(absent), setting.seed, f"{task}.absent", key)
    for number in range(k + 1):
        draw = f"{key}.{number}"
        if not there and not missing:
            raise Refused("labels_used_up", "every label is asked for already")
        forced = not there
        asks_absent = forced or (bool(missing) and setting.asks_absent(task, draw))
        label = missing.pop() if asks_absent else there.pop()
    if forced and not setting.keeps_negative(task, draw):
        raise Refused("negative_not_kept", "nothing to find")
    return label
