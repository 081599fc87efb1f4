"""Biomedical text-mining datasets, English and Chinese, as one schema and one instruction corpus.

import taiyi_corpus

taiyi_corpus.load("bc5cdr")          # datasets.DatasetDict in the one schema
taiyi_corpus.records("bc5cdr")       # iterator of records
taiyi_corpus.registry()              # id -> what the registry says
taiyi_corpus.build("stage1")         # a mix, on disk
taiyi_corpus.stream("out/stage1")    # its rows, for training
taiyi_corpus.parse_answer(row, text) # what a model's text says, in the shape of the row's gold
taiyi_corpus.push("out/stage1", repo="org/name")  # to the Hugging Face Hub
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from taiyi_corpus import version

__version__ = version.VERSION

__all__ = ["__version__", "build", "load", "parse_answer", "push", "records", "registry", "stream"]

if TYPE_CHECKING:
    from taiyi_corpus.api import build, load, parse_answer, push, records, registry, stream


def __getattr__(name: str) -> Any:
    # Importing the package must stay cheap: the command line asks it for its version only.
    if name in __all__:
        from taiyi_corpus import api

        return getattr(api, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
