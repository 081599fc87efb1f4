"""The rewards as a plugin of ms-swift: `--external_plugins PATH --reward_funcs taiyi_format taiyi_accuracy ...`.

PATH is this file: `python -c "from taiyi_corpus.rewards import swift_plugin; print(swift_plugin.__file__)"`. Names are
`taiyi_<part>` (strict) and `taiyi_rexdrug_<part>` (as published).
"""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from typing import Any

from taiyi_corpus.rewards.functions import PARTS, Mode, Reward, reward_funcs

_HOMES = ("swift.rewards", "swift.plugin")  # from version 4 on, and before


def register(orms: dict[str, Any], base: type = object) -> None:
    """Add a class for each reward to the table of a trainer."""
    modes: tuple[tuple[Mode, str], ...] = (("strict", ""), ("rexdrug", "rexdrug_"))
    for mode, prefix in modes:
        for part, function in zip(PARTS, reward_funcs(mode), strict=True):
            orms[f"taiyi_{prefix}{part}"] = _class(function, base)


def _class(function: Reward, base: type) -> type:
    def call(self: Any, completions: Sequence[Any], **columns: Any) -> list[float]:
        return function(None, completions, **columns)

    return type(function.__name__, (base,), {"__call__": call, "__doc__": function.__doc__})


def _home() -> Any | None:
    for name in _HOMES:
        try:
            return importlib.import_module(name)
        except ImportError:
            continue
    return None


if (home := _home()) is not None:
    register(home.orms, home.ORM)
