"""One template file, typed: what `templates/<language>/<task>.yaml` may say. See docs/templates.md."""

from __future__ import annotations

from typing import Literal

from taiyi_corpus.spec.mapping import Strict

Language = Literal["en", "zh"]
LANGUAGES: tuple[Language, ...] = ("en", "zh")


class StyleSpec(Strict):
    """An answer style in one language: where it may be used, how a prompt asks for it, the words it writes."""

    forms: list[str]
    format: (
        str | dict[str, str]
    )  # one for all forms, or form -> its own; "" where the answer is free text
    words: dict[str, str]  # which ones: taiyi_corpus.instruct.answers.words_of

    def format_of(self, form: str) -> str:
        """Return how a prompt of one form asks for this style; "" if it says nothing."""
        return self.format if isinstance(self.format, str) else self.format.get(form, "")


class TemplateFile(Strict):
    """The templates of one task in one language. Which forms and slots there are: taiyi_corpus.instruct.forms."""

    task: str
    language: Language
    wordings: dict[str, list[str]]  # form -> wordings; none for a bare form
    styles: dict[str, StyleSpec]
    systems: list[str]
