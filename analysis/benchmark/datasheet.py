"""The datasheet of a benchmark: the questions of Gebru and co-authors (CACM 64(12), 2021), answered with its own numbers."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.benchmark.manifest import LICENCE
from analysis.benchmark.plan import OPEN, TEST, TRAINING, Order, settings
from analysis.benchmark.words import as_markdown, table_in_words

TEXT = Path(__file__).resolve().parent / "datasheet.txt"
COUNTED = ("accounts", "events", "posts", "genuine", "operated", "vendor")
TRIVIAL = ("everybody", "by_lot")  # baselines of which the last row says all
DAY = 86_400  # seconds
SALTS = {
    True: (
        "**This copy was made with the open salt: whoever runs the same command has the labels of its test worlds.** It serves for\n"
        "results that anybody can check, where nobody has a reason to cheat; for a contest make one with a salt of your own."
    ),
    False: "This copy was made with a salt that only its maker knows, and can tell afterwards, so that anybody can make the whole again.",
}


def datasheet(
    order: Order,
    rows: pd.DataFrame,
    data: Mapping[str, Any],
    scores: Mapping[str, pd.DataFrame],
    loudness: pd.DataFrame,
) -> str:
    """The page. rows: one for each world; data: manifest of the worlds' files; scores: tables of the baselines on the test worlds.

    loudness: comments of an account, see `baselines.loudness`.
    """
    asked, design, is_quiet = settings(), order.design, rows["level"] == settings().quiet
    directed = rows["operated"] + rows["vendor"]
    rate = (directed / (directed + rows["genuine"]))[~is_quiet]
    tables = {
        name: as_markdown(table_in_words(table.tail(1) if name in TRIVIAL else table)) for name, table in scores.items()
    }
    said = {
        "version": asked.version, "program": data["made_by"], "licence": LICENCE, "price": asked.price,
        "worlds": len(rows), "sets": ", ".join(f"{int((rows['set'] == name).sum())} {name}" for name in (TRAINING, TEST)),
        "days": int((rows["last"] - rows["first"]).iloc[0]) // DAY, "megabytes": f"{data['bytes'] / 1e6:.1f}", "quiet": int(is_quiet.sum()),
        "levels": ", ".join(design.levels), "sizes": ", ".join(design.sizes), "backgrounds": ", ".join(design.backgrounds),
        "counts": _counts(rows), "rates": f"{100 * rate.min():.2g}% to {100 * rate.max():.2g}%", "loudness": _loud(loudness),
        "words": " ".join([*design.words, "campaign=LEVEL", "background=BACKGROUND"]),
        "everywhere": " and ".join(asked.everywhere), "on_election": " and ".join(asked.on_election),
        "digest": data["digest"], "sealed": data["sealed"], "salt": SALTS[order.salt == OPEN],
    }  # fmt: skip
    return TEXT.read_text(encoding="utf-8").format(**said, **tables)


def _counts(rows: pd.DataFrame) -> str:
    """How many there are of each thing in a world, and in all."""
    table = [[name, f"{rows[name].min():,}", f"{rows[name].max():,}", f"{rows[name].sum():,}"] for name in COUNTED]
    return as_markdown([["", "fewest in a world", "most", "in all"], *table])


def _loud(loudness: pd.DataFrame) -> str:
    """Comments of an account by level."""
    heading = ["", "one of the campaign's own", "a genuine one"]
    return as_markdown(
        [heading, *([row.level, _number(row.operated), f"{row.genuine:.1f}"] for row in loudness.itertuples())]
    )


def _number(value: float) -> str:
    return "-" if pd.isna(value) else f"{value:.0f}"
