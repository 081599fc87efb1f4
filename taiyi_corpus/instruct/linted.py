"""One template file under the linter: its faults know their lines."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from taiyi_corpus.errors import Fault
from taiyi_corpus.instruct.forms import FORMS, Form
from taiyi_corpus.instruct.prose import slips
from taiyi_corpus.instruct.template_file import TemplateFile
from taiyi_corpus.spec.strict import read_tree, show_path
from taiyi_corpus.spec.yamltree import Loc, Tree

_BLOCK = re.compile(r"[|>][-+0-9]*\s*$")


class Linted:
    """A template file, with the lines that its faults need."""

    def __init__(self, file: Path, template: TemplateFile) -> None:
        self.file, self.name, self.template = file, show_path(file), template
        self.tree: Tree = read_tree(file, self.name)
        self.written = file.read_text(encoding="utf-8-sig").splitlines()
        self.forms: Mapping[str, Form] = FORMS.get(template.task, {})

    def line(self, loc: Loc, number: int = 0) -> int:
        """Return the line of the file on which a line of the text at `loc` stands."""
        at = self.tree.line(loc)
        # The text of a block scalar begins on the line after its sign; any other text is on one line.
        return at + number + 1 if _BLOCK.search(self.written[at - 1]) else at

    def fault(self, loc: Loc, wanted: str, found: str, hint: str = "", number: int = 0) -> Fault:
        """Return a fault of the text at `loc`."""
        return Fault(f"{self.name}:{self.line(loc, number)}", wanted, found, hint)

    def prose(self, loc: Loc, text: str) -> Iterator[Fault]:
        """Yield what is badly written in the text at `loc`."""
        if not text.strip():
            yield self.fault(loc, "a text", "nothing")
        for slip in slips(text, self.template.language):
            yield self.fault(loc, slip.wanted, slip.found, number=slip.line)
