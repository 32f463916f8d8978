"""Figures beside their budgets: a table for people, one JSON object on the last line for programs."""

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from rich.console import Console
from rich.table import Table


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured figure. A `most` is a budget it may not pass; `values` are the rounds it is the median of; `beside` is said next to it."""

    key: str
    value: float
    unit: str = ""
    most: float | None = None
    values: Sequence[float] = ()
    beside: str = ""

    @classmethod
    def of(cls, key: str, values: Sequence[float], unit: str = "", *, most: float | None = None) -> "Figure":
        """The median of several rounds."""
        return cls(key, median(values), unit, most, values)

    @property
    def is_within(self) -> bool:
        return self.most is None or self.value <= self.most

    @property
    def spread(self) -> tuple[float, float] | None:
        return (_round(min(self.values)), _round(max(self.values))) if self.values else None


@dataclass(frozen=True, slots=True)
class Report:
    """What one instrument found."""

    title: str
    figures: Sequence[Figure]
    notes: Sequence[str] = ()
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def is_within_budget(self) -> bool:
        return all(figure.is_within for figure in self.figures)

    def show(self, *, with_json: bool) -> None:
        """Print the table, and with `with_json` the object on the last line."""
        console = Console(width=None if sys.stdout.isatty() else 110)
        console.print(self.title, style="bold", highlight=False)
        console.print(self._table())
        for note in self.notes:
            console.print(f"  · {note}", highlight=False, style="dim", soft_wrap=not sys.stdout.isatty())  # a table of numbers stays one
        if with_json:
            print(json.dumps(self.to_json()), flush=True)

    def _table(self) -> Table:
        table = Table()
        has_spread, has_beside = any(figure.values for figure in self.figures), any(figure.beside for figure in self.figures)
        table.add_column("")
        for column in ("figure", *["spread"] * has_spread, "budget"):
            table.add_column(column, justify="right")
        for column in ("", *["beside it"] * has_beside):
            table.add_column(column)
        for figure in self.figures:
            spread = f"{figure.spread[0]:,g} – {figure.spread[1]:,g}" if figure.spread else ""
            budget = f"≤ {figure.most:,g}" if figure.most is not None else ""
            verdict = "" if figure.most is None else "[green]pass[/]" if figure.is_within else "[bold red]fail[/]"
            value = f"{_round(figure.value):,} {figure.unit}".strip()
            table.add_row(figure.key, value, *[spread] * has_spread, budget, verdict, *[figure.beside] * has_beside)
        return table

    def to_json(self) -> dict[str, Any]:
        return {
            **self.facts,
            **{figure.key: _round(figure.value) for figure in self.figures},
            "spread": {figure.key: figure.spread for figure in self.figures if figure.spread},
            "budget": {figure.key: figure.most for figure in self.figures if figure.most is not None},
            "passed": self.is_within_budget,
        }


def _round(value: float) -> float:
    return int(value) if not value % 1 else round(value, 3 if abs(value) < 1 else 2 if abs(value) < 10 else 1)
