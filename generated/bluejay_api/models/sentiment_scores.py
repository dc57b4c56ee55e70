# Generated from openapi.yaml by `make generate`. Do not edit: the next run overwrites it.
from typing import TypeAlias

SentimentScores: TypeAlias = dict[str, float]
"""The score of each sentiment, by label. The scale is undocumented."""
