"""The words that docs/templates-styles.md gives for each style: what authors copy is what is tested."""

from __future__ import annotations

import re
from pathlib import Path

import yaml

DOC = Path(__file__).parents[2] / "docs" / "templates-styles.md"
_BLOCKS = re.findall(
    r"^```yaml\n(.*?)^```", DOC.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
)

WORDS: dict[str, dict[str, dict[str, dict[str, str]]]] = yaml.safe_load(_BLOCKS[0])
LANGUAGES = ("en", "zh")


def words(language: str, kind: str, style: str) -> dict[str, str]:
    return WORDS[language].get(kind, {}).get(style, {})
