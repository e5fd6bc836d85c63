"""Presets: `list` says which there are and what each is, `show` what the one chosen says."""

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.cli.completion import kinds_of_presets, overrides_and_presets
from sim.cli.options import Json, Scenarios, Trust, said_once
from sim.scenario.schema import ScenarioError

if TYPE_CHECKING:
    from sim.scenario.explain import Row
    from sim.scenario.presets import Entry

COLUMNS = ("key", "value", "unit", "allowed", "meaning", "source")
OF_ASSUMPTIONS = ("key", "value", "unit", "range", "meaning", "source")
WIDEST = 28  # characters to which a column is padded; longer values, such as lists, stay whole


def list_presets(
    kind: Annotated[
        str | None, typer.Argument(help="One slot, such as campaign.", autocompletion=kinds_of_presets)
    ] = None,
    scenarios: Scenarios = None, as_json: Json = False,
) -> None:  # fmt: skip
    """List slots and their presets, and what each is."""
    from sim.scenario.files import check_folder
    from sim.scenario.presets import entries
    from sim.scenario.schema import nearest

    check_folder(scenarios)
    found = entries(scenarios)
    if kind is not None and kind not in found:
        raise ScenarioError(f"{kind!r} given; {nearest(kind, list(found))}")
    chosen = {kind: found[kind]} if kind else found
    if as_json:
        print(json.dumps({slot: [entry.name for entry in named] for slot, named in chosen.items()}))
    elif kind:
        print("\n".join(_lines_of(chosen[kind])))
    else:
        print("\n\n".join(_group(slot, named) for slot, named in chosen.items()))


def _group(slot: str, named: Sequence["Entry"]) -> str:
    """A slot, and its presets under it."""
    return "\n".join([f"{slot}:", *(f"  {line}" for line in _lines_of(named))])


def _lines_of(named: Sequence["Entry"]) -> Iterator[str]:
    """A line for each preset: its name, and what it is."""
    width = max(len(entry.name) for entry in named)
    for entry in named:
        said = [entry.sentence, "(your own)" if entry.is_own else ""]
        yield f"{entry.name:{width}}  {' '.join(part for part in said if part)}".rstrip()


def show(
    words: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[KEY=VALUE]... [WORD]...",
            help="Choices as for run; words select keys, or what has them in its meaning or source; of several all must fit.",
            autocompletion=overrides_and_presets, callback=said_once,
        ),
    ] = None,
    assumptions: Annotated[
        bool, typer.Option("--assumptions", help="Only what nobody knows, each with the range in which it is thought to lie.")
    ] = False,
    scenarios: Scenarios = None, trust: Trust = None, as_json: Json = False,
) -> None:  # fmt: skip
    """Show every value of a scenario with its unit, what is allowed, its meaning and its source."""
    from sim.runs.build import scenario_of
    from sim.scenario.explain import assumed, explain, matching
    from sim.scenario.files import compose

    overrides = [word for word in words or () if "=" in word]
    document, trusted = compose(overrides, scenarios, tuple(trust or ())), tuple(trust or ())
    scenario_of(document, trusted)  # what cannot be run is refused, not explained
    rows = matching(explain(document, scenarios, trusted, overrides), [word for word in words or () if "=" not in word])
    rows, columns = (assumed(rows), OF_ASSUMPTIONS) if assumptions else (rows, COLUMNS)
    if as_json:
        print(json.dumps([{name: getattr(row, name) for name in columns} for row in rows], default=str))
    elif sys.stdout.isatty():
        _print_table(rows, columns)
    else:
        print("\n".join(_aligned([_shown(row, columns) for row in rows], columns)))


def _shown(row: "Row", columns: Sequence[str]) -> list[str]:
    """The cells of one row as text."""
    return [_as_typed(getattr(row, name)) for name in columns]


def _as_typed(value: Any) -> str:
    """A value as one would write it in a preset."""
    if isinstance(value, list | tuple):
        return f"[{', '.join(_as_typed(item) for item in value)}]"
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{key}: {_as_typed(item)}' for key, item in value.items())}}}"
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else "null" if value is None else str(value)


def _aligned(rows: Sequence[Sequence[str]], columns: Sequence[str]) -> Iterator[str]:
    """Lines with a header, whose columns stand below each other where their cells are not too long."""
    table = [columns, *rows]
    widths = [
        max((len(row[place]) for row in table if len(row[place]) <= WIDEST), default=0) for place in range(len(columns))
    ]
    widths[0] = max(len(row[0]) for row in table)
    for row in table:
        yield "  ".join(f"{cell or '-':{width}}" for cell, width in zip(row, widths, strict=True)).rstrip()


def _print_table(rows: Sequence["Row"], columns: Sequence[str]) -> None:
    """A table as wide as the terminal, in which long cells are folded and none is cut."""
    from rich.console import Console
    from rich.table import Table

    console, table = Console(markup=False, highlight=False), Table(*columns, box=None, pad_edge=False)
    for column in table.columns:
        column.overflow = "fold"
    table.columns[0].no_wrap = max(len(row.key) for row in rows) <= console.width // 2  # keys are to be copied
    for row in rows:
        table.add_row(*_shown(row, columns))
    console.print(table)
