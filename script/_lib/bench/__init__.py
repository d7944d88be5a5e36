"""Measurements with their floors. Every figure is a row {"name", "value", "unit", "floor", "ratio"}."""

from typing import Any


def row(name: str, value: float, unit: str, floor: float) -> dict[str, Any]:
    """`ratio` = value / floor in the same unit; `rps`: more is better, `ms`: less is better."""
    return {
        "name": name,
        "value": round(value, 2),
        "unit": unit,
        "floor": round(floor, 2),
        "ratio": round(value / floor, 3),
    }


def percentile(values: list[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]
