"""Verifiable rewards: format, reasoning, coverage and accuracy of an answer, as plain functions with weights."""

from __future__ import annotations

from taiyi_corpus.rewards.functions import PARTS, reward_funcs, reward_weights, rewards, total

__all__ = ["PARTS", "reward_funcs", "reward_weights", "rewards", "total"]
