"""What an instruction calls the roles of a relation or event, and how it shows a relation with them."""

from __future__ import annotations

from taiyi_corpus.instruct.answers.tuples import HEAD_TAIL
from taiyi_corpus.instruct.ask import Setting
from taiyi_corpus.schema.record import Record

_ENDS = {"en": HEAD_TAIL, "zh": ("主体", "客体")}  # of a relation whose roles have no names
_LONG_SIGNATURE = 80  # characters: a relation between very many types is shown by its name alone


def named_role(role: str, setting: Setting, record: Record) -> str:
    """Return what an instruction calls a role."""
    label = setting.spec.labels.roles.get(role)
    return role if label is None else setting.name(label, record)


def role_names(code: str, setting: Setting, record: Record) -> dict[str, str]:
    """Return role -> what an instruction calls it, in the registry's order.

    A role goes by its name in the registry, else by the one type it takes; a binary relation whose roles have no
    telling, distinct, short names has a head and a tail (主体 and 客体).
    """
    key = ("roles", code, setting.language(record))
    if key not in setting.kept:
        setting.kept[key] = _role_names(code, setting, record)
    names: dict[str, str] = setting.kept[key]
    return names


def _role_names(code: str, setting: Setting, record: Record) -> dict[str, str]:
    relation = setting.spec.labels.relations[code]
    names = {
        role: _role_name(role, types, setting, record) for role, types in relation.args.items()
    }
    told = [name for name in names.values() if name]
    if len(names) == 2 and (len(set(told)) < 2 or sum(map(len, told)) > _LONG_SIGNATURE):
        return dict(zip(names, _ENDS[setting.language(record)], strict=True))
    return {role: name or role for role, name in names.items()}


def _role_name(role: str, types: list[str], setting: Setting, record: Record) -> str | None:
    labels = setting.spec.labels
    if role in labels.roles:
        return setting.name(labels.roles[role], record)
    if len(types) == 1 and types[0] in labels.entities:
        return setting.name(labels.entities[types[0]], record)
    return None


def signature(code: str, name: str, setting: Setting, record: Record) -> str:
    """Return a relation as a question shows it, with its roles: "chemical-induced disease (chemical → disease)"."""
    key = ("signature", code, name, setting.language(record))
    if key not in setting.kept:
        setting.kept[key] = _signature(code, name, setting, record)
    shown: str = setting.kept[key]
    return shown


def _signature(code: str, name: str, setting: Setting, record: Record) -> str:
    labels, relation = setting.spec.labels, setting.spec.labels.relations[code]
    ends, colon = _ENDS[language := setting.language(record)], "：" if language == "zh" else ": "
    parts = []
    for role, shown in role_names(code, setting, record).items():
        known = [
            setting.name(labels.entities[t], record)
            for t in relation.args[role]
            if t in labels.entities
        ]
        parts.append(f"{shown}{colon}{'/'.join(known)}" if shown in ends and known else shown)
    if not parts or parts == list(ends) or sum(map(len, parts)) > _LONG_SIGNATURE:
        return name
    if len(parts) == 1:  # one role that any number of mentions play
        parts = [parts[0], parts[0], "…"]
    inside = (" – " if relation.symmetric or len(parts) > 2 else " → ").join(parts)
    return f"{name}（{inside}）" if language == "zh" else f"{name} ({inside})"
