"""The tiny registry."""

from tests.tiny import Tiny, tiny

__all__ = ["Tiny", "tiny"]
