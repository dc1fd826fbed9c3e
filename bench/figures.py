"""What a benchmark says: figures measured side by side in one run, each with the bar it must clear."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured figure. `bar` is the most it may be, None where it is only told for comparison."""

    name: str
    value: float
    bar: float | None
    unit: str

    @property
    def clears_bar(self) -> bool:
        """True where there is no bar or the figure is not above it."""
        return self.bar is None or self.value <= self.bar


def table(figures: Sequence[Figure]) -> str:
    """The figures as a Markdown table."""
    lines = ["| figure | measured | bar | |", "|---|---:|---:|---|"]
    for figure in figures:
        bar = "" if figure.bar is None else f"{figure.bar:g} {figure.unit}"
        verdict = "" if figure.bar is None else ("met" if figure.clears_bar else "**short of it**")
        lines.append(f"| {figure.name} | {figure.value:.3g} {figure.unit} | {bar} | {verdict} |")
    return "\n".join(lines)


def print_table(figures: Sequence[Figure]) -> None:
    """Print the figures as a table."""
    print(table(figures))
