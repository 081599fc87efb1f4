"""What must never be shown: tokens and keys, which errors of other libraries may repeat."""

from __future__ import annotations

import contextlib
import os
import re

_NAMES = re.compile(r"TOKEN|SECRET|PASSWORD|PASSWD|CREDENTIAL|ACCESS_KEY|API_KEY", re.IGNORECASE)
_LOOKS = re.compile(r"hf_\w{8,}|(?<=://)[^/@\s]+@|(?i:(?<=bearer )\S+)")
_SHORTEST = 6  # shorter values are no secrets, and stand in other words
_LONGEST = 400  # characters of another library's error that are shown


def without_secrets(text: str) -> str:
    """Return a text with every token, key and password of this environment replaced by dots."""
    from huggingface_hub import get_token

    known = [value for name, value in os.environ.items() if _NAMES.search(name)]
    with contextlib.suppress(OSError, ValueError, RuntimeError):  # asking may go over the network
        known.append(get_token() or "")
    for secret in sorted(set(known), key=len, reverse=True):
        if len(secret) >= _SHORTEST:
            text = text.replace(secret, "...")
    return _LOOKS.sub("...", text)


def said(error: BaseException) -> str:
    """Return what an error of another library says, with its cause, in one line and without secrets."""
    texts = [" ".join(str(error).split()) or type(error).__name__]
    if error.__cause__ is not None:
        texts.append(" ".join(str(error.__cause__).split()) or type(error.__cause__).__name__)
    return without_secrets(": ".join(texts))[:_LONGEST]
