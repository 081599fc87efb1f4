"""citations.bib: the papers of every dataset that gave a row."""

from __future__ import annotations

import re
from collections.abc import Iterable

from taiyi_corpus.spec.dataset import DatasetSpec

_SPECIAL = {"\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "%": r"\%", "&": r"\&", "#": r"\#", "$": r"\$",
            "_": r"\_", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}  # fmt: skip
# "Doe J, Roe R (2016). A title. A journal 1:2": names, year, title, the rest.
_PARTS = re.compile(
    r"(?P<names>.+?) \((?P<year>\d{4})\)[.:]? (?P<title>.+?)[.?!](?: (?P<rest>.+))?$", re.S
)

_INITIAL = re.compile(r"[A-Z](?:-[A-Z])?")  # "H", and "C-H" of a double name
_INITIALS = re.compile(rf"(?:{_INITIAL.pattern}){{1,4}}")


def bibtex(specs: Iterable[DatasetSpec]) -> str:
    """Return BibTeX entries, one a dataset, by id."""
    return "\n".join(_entry(spec) for spec in sorted(specs, key=lambda spec: spec.id))


def _entry(spec: DatasetSpec) -> str:
    said = " ".join(spec.citation.text.split())
    fields: dict[str, str] = {}
    if parts := _PARTS.match(said):
        names = [name.strip() for name in parts["names"].split(",") if name.strip()]
        fields["author"] = " and ".join("others" if n == "et al." else _name(n) for n in names)
        fields["title"] = f"{{{_safe(parts['title'])}}}"
        fields["year"] = parts["year"]
        if parts["rest"]:
            fields["howpublished"] = _safe(parts["rest"])
    else:
        fields["title"] = f"{{{_safe(spec.name)}}}"
        fields["note"] = _safe(said)
    if spec.citation.doi:
        fields["doi"] = spec.citation.doi
    if spec.citation.arxiv:
        fields |= {"eprint": spec.citation.arxiv, "archiveprefix": "arXiv"}
    fields["url"] = (
        f"https://aclanthology.org/{spec.citation.acl}" if spec.citation.acl else spec.homepage
    )
    lines = [f"  {name} = {{{value}}}" for name, value in fields.items()]
    return f"@misc{{{spec.id},\n" + ",\n".join(lines) + "\n}\n"


def _name(name: str) -> str:
    """Return "Doe JR" as "Doe, J R": initials after the family name, as BibTeX reads them."""
    family, _, initials = name.rpartition(" ")
    if family and _INITIALS.fullmatch(initials):
        return f"{_safe(family)}, {' '.join(_INITIAL.findall(initials))}"
    return f"{{{_safe(name)}}}"


def _safe(text: str) -> str:
    return "".join(_SPECIAL.get(char, char) for char in text)
