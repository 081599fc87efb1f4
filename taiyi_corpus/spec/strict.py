"""Reads a YAML file as a model, strictly: unknown and repeated keys, wrong types and ambiguous scalars are faults.

All faults of a file are raised at once, each with its line.
"""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from taiyi_corpus.errors import Fault, InputError
from taiyi_corpus.spec.explain import explain, nearest_key
from taiyi_corpus.spec.yamltree import Tree, parse

__all__ = ["nearest_key", "read_model", "read_text", "read_tree", "show_path"]

M = TypeVar("M", bound=BaseModel)


def read_model(path: Path, model: type[M], *, root: Path | None = None) -> M:
    """Return the model that a YAML file states; raises `InputError` with every fault of the file.

    Faults name the file from the working directory or, if it lies elsewhere, from the folder `root` on.
    """
    name = show_path(path, root)
    return read_text(_text(path, name), name, model)


def read_text(text: str, name: str, model: type[M]) -> M:
    """Return the model that a YAML text states; `name` is how faults call it."""
    tree = parse(text, name)
    try:
        # Some Python names differ from their keys (`except`); YAML knows the keys only.
        result = model.model_validate(tree.data, by_alias=True, by_name=False)
    except ValidationError as error:
        faults = tree.faults + explain(error.errors(include_url=False), model, tree, name)
    else:
        faults = tree.faults + explain([], model, tree, name)
        if not faults:
            return result
    raise InputError(fault for _, fault in sorted(faults, key=lambda placed: placed[0]))


def read_tree(path: Path, name: str) -> Tree:
    """Return the YAML tree of a file, for the lines of its keys."""
    return parse(_text(path, name), name)


def show_path(path: Path, root: Path | None = None) -> str:
    """Return a path as a user would write it: from the working directory, else from the folder `root` on."""
    full = path.absolute()
    for base in (Path.cwd(), root.absolute().parent if root else None):
        if base and full.is_relative_to(base):
            return full.relative_to(base).as_posix()
    return str(path)


def _text(path: Path, name: str) -> str:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InputError(Fault(name, "a readable file", error.strerror or str(error))) from error
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        fact = f"the byte 0x{data[error.start]:02x}"
        hint = "Save the file as UTF-8."
        raise InputError(Fault(f"{name}:{line}", "UTF-8 text", fact, hint)) from error
