"""What may be passed on, and who says so."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from taiyi_corpus.curate.licences import refused
from taiyi_corpus.errors import Fault, InputError
from taiyi_corpus.spec.dataset import DatasetSpec


def kept_back(
    used: Collection[str],
    specs: Mapping[str, DatasetSpec],
    recorded: Mapping[str, Mapping[str, Any]] | None = None,
) -> dict[str, str]:
    """Return the datasets that may not be passed on, each with the reason.

    The registry must say that a dataset may, and where a build recorded what the registry said then, so must that:
    not known is no.

    Args:
        recorded: dataset -> what the manifest of a build says of it.

    Raises:
        InputError: the registry does not know a dataset.
    """
    wanted = "a dataset of the registry"
    hint = "Name the folder of your own registry files with --registry."
    if faults := [
        Fault(id_, wanted, "none of that id", hint) for id_ in sorted(used) if id_ not in specs
    ]:
        raise InputError(faults)
    kept: dict[str, str] = {}
    for id_ in sorted(used):
        why = refused(specs[id_], "redistributable")
        if why is None and recorded is not None:
            before = recorded.get(id_, {}).get("redistributable")
            if before is not True:
                why = "not known to be allowed when this was built; build again"
        if why is not None:
            kept[id_] = why
    return kept


def refuse_kept_back(kept: Mapping[str, str], hint: str) -> None:
    """Refuse to send what may not be passed on.

    Raises:
        InputError: with every such dataset by name.
    """
    wanted = "a licence under which it may be passed on"
    if kept:
        raise InputError([Fault(id_, wanted, why, hint) for id_, why in kept.items()])


def refuse_sample(where: str, origin: str) -> None:
    """Refuse to send invented text.

    Raises:
        InputError: it was made from the bundled samples.
    """
    if origin != "raw":
        found = "one made from the bundled samples, which are invented"
        raise InputError(Fault(where, "a corpus of real data", found, "Nothing was sent."))
