"""Which datasets a licence policy lets into a mix."""

from __future__ import annotations

from taiyi_corpus.spec.curation import Allow
from taiyi_corpus.spec.dataset import DatasetSpec


def refused(spec: DatasetSpec, allow: Allow) -> str | None:
    """Return why a policy keeps a dataset out, or None if it does not.

    `research` refuses nothing that may be used at all; `commercial` and `redistributable` take only what is known to be
    allowed: what is not said is not allowed.
    """
    licence = spec.license
    if allow == "commercial" and licence.commercial is not True:
        return f"{licence.name}: commercial use {_said(licence.commercial)}"
    if allow == "redistributable" and licence.redistributable is not True:
        return f"{licence.name}: passing on {_said(licence.redistributable)}"
    if allow == "research" and spec.access == "dead-link" and licence.redistributable == "unknown":
        return f"{licence.name}: no longer released, and no terms are known"
    return None


def _said(value: bool | str) -> str:
    return "not allowed" if value is False else "not known to be allowed"
