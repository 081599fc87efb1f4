"""`preview`: raw row, record and rendered instances of a dataset, side by side."""

from __future__ import annotations

import itertools
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

import typer

from taiyi_corpus import paths
from taiyi_corpus.cli.options import Data, DatasetId, RegistryDirs, Samples, Task, registry_of
from taiyi_corpus.cli.voice import note, out, say

if TYPE_CHECKING:
    from taiyi_corpus.instruct.render import Instance
    from taiyi_corpus.review.preview import Shown
    from taiyi_corpus.schema.record import Record

_WIDE = 110  # columns from which raw row and record stand beside each other


def preview(
    id_: DatasetId,
    task: Task = None,
    record: Annotated[
        str | None,
        typer.Option("--record", metavar="ID", help="Only the record of this id or key."),
    ] = None,
    number: Annotated[int, typer.Option("-n", metavar="N", min=1, help="How many records.")] = 1,
    split: Annotated[
        str | None, typer.Option("--split", metavar="SPLIT", help="train, validation or test.")
    ] = None,
    form: Annotated[
        str | None, typer.Option("--form", metavar="FORM", help="Only this form of the task.")
    ] = None,
    samples: Samples = False,
    data: Data = None,
    registry: RegistryDirs = None,
) -> None:
    """Show raw rows, the records made of them and the instances made of these, side by side.

    Without raw data of the dataset its bundled sample is shown.

    \b
    Example:
      taiyi-corpus preview bc5cdr --task re -n 2
    """
    from taiyi_corpus.review.open import find, find_either
    from taiyi_corpus.review.preview import preview as previewed

    known = registry_of(registry, [id_])
    folder = paths.existing_data_dir(data)
    located, origin = (
        find(known, id_, folder, samples=True) if samples else find_either(known, id_, folder)
    )
    if origin == "sample":
        note(f"{id_}: the bundled sample, invented text", "yellow")
    found = previewed(located, origin, task=task, form=form, split=split, record=record)
    shown = 0
    for one in itertools.islice(found, number):
        _print(one, known[id_].adapter)
        shown += 1
    if not shown:
        note("nothing to show: no record has something for this task and form")


def as_yaml(value: Record | Mapping[str, Any]) -> str:
    """Return a record (what is null left out) or a raw row as YAML, to be read by people."""
    import yaml

    from taiyi_corpus.review.expected import plain

    data = dict(value) if isinstance(value, Mapping) else plain(value)
    text: str = yaml.safe_dump(
        data, allow_unicode=True, sort_keys=False, width=96, default_flow_style=None
    )
    return text.rstrip("\n")


def _print(shown: Shown, adapter: str | None) -> None:
    from rich.rule import Rule

    if sys.stdout.isatty():
        out().print(Rule(shown.id))
    else:
        say(f"=== {shown.id}")
    after = f", after adapter {adapter}" if adapter else ""
    if shown.record is not None:
        made = ("record", as_yaml(shown.record))
    else:
        made = ("no record", f"{shown.drop.reason}: {shown.drop.detail}" if shown.drop else "")
    _beside((f"raw row ({shown.where}{after})", as_yaml(shown.raw)), made)
    for instance in shown.instances:
        print_instance(instance)
    for unasked in shown.unasked:
        say()
        say(f"{unasked.id}: not asked, {unasked.reason}: {unasked.detail}", "yellow")


def _beside(left: tuple[str, str], right: tuple[str, str]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console(highlight=False)
    if sys.stdout.isatty() and console.width >= _WIDE:
        grid = Table.grid(padding=(0, 3), expand=True)
        grid.add_column(ratio=1, overflow="fold")
        grid.add_column(ratio=1, overflow="fold")
        grid.add_row(*(Text(title, style="bold") for title, _ in (left, right)))
        grid.add_row(*(Text(text) for _, text in (left, right)))
        console.print(grid)
        return
    for title, text in (left, right):
        say(f"--- {title}", "bold")
        say(text)


def print_instance(instance: Instance) -> None:
    """Print an instance as a trainer will see it, and its gold."""
    import msgspec

    say()
    say(f"--- {instance.id}  {instance.template}  style {instance.style}", "bold")
    for message in instance.messages:
        say(f"[{message.role}]", "cyan")
        say(message.content)
    say(f"[gold] {msgspec.json.encode(instance.gold).decode()}", "dim")
