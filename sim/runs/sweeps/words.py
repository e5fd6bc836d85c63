"""Words of a sweep: which of them are one value, which are several, and where the families run.

`key=1,2,3` and `key=range(0,1,5)` are axes of a grid; `key=uniform(a,b)` and `key=loguniform(a,b)` are what `design=lhs:64` or
`design=sobol:128` draws; `design=FILE.csv` has a row a point. Campaigns and policies in a list are arms of every point, so that they
share its history and its luck.
"""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.scenario.overrides import check_overrides, key_of, value_of
from sim.scenario.schema import ScenarioError, build, choice, nearest, quantity

SLOTS = ("campaign", "moderation")
ONE_VALUE = ("scenario", "arms", "seed", "replications", "measures")  # a sweep has one of each
ENGINES = ("process", "serial", "dask")
LATIN, SOBOL = "lhs", "sobol"
MOST_POINTS = 100_000
SPACED = re.compile(r"range\(([^,()]+),([^,()]+),([^,()]+)\)")
DRAWN = re.compile(r"(uniform|loguniform)\(([^,()]+),([^,()]+)\)")
FORMS = re.compile(r"(range|uniform|loguniform)\(")
DRAWING = re.compile(rf"({LATIN}|{SOBOL}):(\d{{1,6}})")
DIGITS = 6  # of a number that is spaced or drawn: what is written is what is run


@dataclass(frozen=True)
class Axis:
    """One key of a grid and its values in order."""

    key: str
    values: tuple[Any, ...]


@dataclass(frozen=True)
class Drawn:
    """One key of a design and the ends between which it is drawn, on a logarithmic scale or a plain one."""

    key: str
    low: float
    high: float
    logarithmic: bool


@dataclass(frozen=True)
class Drawing:
    """How points of a design are drawn."""

    kind: str = choice("Latin hypercube or Sobol sequence", (LATIN, SOBOL))
    points: int = quantity("points", "points", 2, MOST_POINTS)
    seed: int = quantity("of the drawing", "integer", 0, 2**32 - 1)


@dataclass(frozen=True)
class Engine:
    """Where families run."""

    name: str | None = None  # None: as the scenario says
    address: str | None = None
    workers: int | None = None


@dataclass(frozen=True)
class Sweep:
    """What a sweep was asked. words: those with one value; lists: campaigns or policies, by slot, where several are said."""

    words: tuple[str, ...]
    axes: tuple[Axis, ...]
    drawn: tuple[Drawn, ...]
    drawing: Drawing | None
    table: Path | None
    lists: Mapping[str, tuple[str, ...]]
    engine: Engine


def sweep_of(overrides: Sequence[str], folder: Path | None = None) -> Sweep:
    """Sort out the words of a sweep. Raises ScenarioError for a word that is wrong by itself, or does not go with the others."""
    words, axes, drawn, lists, own = (
        list[str](),
        list[Axis](),
        list[Drawn](),
        dict[str, tuple[str, ...]](),
        dict[str, str](),
    )
    for word in overrides:
        key, _, value = word.partition("=")
        if key in ("design", "design.seed") or key.split(".")[0] == "engine":
            own[key] = value.strip("'\"")
        elif key in SLOTS and len(parts_of(value)) > 1:
            lists[key] = tuple(parts_of(value))
        elif DRAWN.fullmatch(value):
            drawn.append(_drawn(key, value))
        elif SPACED.fullmatch(value) or len(parts_of(value)) > 1:
            axes.append(_axis(key, value, folder))
        elif FORMS.match(value):
            raise ScenarioError(
                f"{key}: {value[:60]} given, allowed range(FIRST,LAST,HOW_MANY), uniform(LOW,HIGH) or loguniform(LOW,HIGH)"
            )
        else:
            words.append(word)
    _check_lists(lists, [key_of(word) for word in words])
    drawing, table = _design(own.get("design"), own.get("design.seed"), drawn)
    return Sweep(tuple(words), tuple(axes), tuple(drawn), drawing, table, lists, _engine(own))


def parts_of(value: str) -> list[str]:
    """What stands between commas that are in no bracket and no quotes."""
    parts, depth, quote = [""], 0, ""
    for sign in value:
        quote = "" if sign == quote else quote or (sign if sign in "'\"" else "")
        depth += 0 if quote else (sign in "[({") - (sign in "])}")
        if sign == "," and not quote and depth <= 0:
            parts.append("")
        else:
            parts[-1] += sign
    return [part.strip() for part in parts]


def _axis(key: str, value: str, folder: Path | None) -> Axis:
    """The values of a list, each checked as a word of its own, or of numbers at equal distances with both ends."""
    if key.lstrip("+~") in ONE_VALUE:
        raise ScenarioError(
            f"{key}: {value[:60]} given, allowed one value in a sweep; several seeds are replications=8"
        )
    spaced = SPACED.fullmatch(value)
    if spaced is None:
        texts = parts_of(value)
        check_overrides([f"{key}={text}" for text in texts], folder, has_trust=True)
        values = tuple(value_of(f"{key}={text}") for text in texts)
    else:
        low, high, count = (_number(key, text) for text in spaced.groups())
        if count != int(count) or not 2 <= count <= MOST_POINTS:
            raise ScenarioError(f"{key}: {value} given, allowed range(FIRST,LAST,HOW_MANY) with at least two values")
        steps = int(count) - 1
        values = tuple(rounded(low + (high - low) * step / steps) for step in range(int(count)))
    twice = next((one for place, one in enumerate(values) if one in values[:place]), None)
    if twice is not None:
        raise ScenarioError(f"{key}: {twice} given twice, allowed is each value once")
    return Axis(key, values)


def _drawn(key: str, value: str) -> Drawn:
    kind, *ends = DRAWN.fullmatch(value).groups()  # type: ignore[union-attr]
    low, high = (_number(key, end) for end in ends)
    if low >= high or (kind == "loguniform" and low <= 0):
        above = ", both above 0" if kind == "loguniform" else ""
        raise ScenarioError(f"{key}: {value} given, allowed {kind}(LOW,HIGH) with LOW below HIGH{above}")
    return Drawn(key, low, high, kind == "loguniform")


def _number(key: str, text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise ScenarioError(f"{key}: {text.strip()[:60]!r} given, allowed a number")
    return number


def rounded(number: float) -> float:
    """As many digits as are written of it."""
    return float(f"{number:.{DIGITS}g}")


def _check_lists(lists: Mapping[str, tuple[str, ...]], said: Sequence[str]) -> None:
    """Lists of campaigns or policies are arms by themselves: nothing else may say what is compared."""
    for key, names in lists.items():
        if "arms" in said:
            raise ScenarioError(f"{key}: {','.join(names)} given beside arms=, allowed is one of the two")
        if len(set(names)) < len(names):
            raise ScenarioError(f"{key}: {','.join(names)} given, allowed is each preset once")


def _design(text: str | None, seed: str | None, drawn: Sequence[Drawn]) -> tuple[Drawing | None, Path | None]:
    """What `design=` says: a drawing, or a table of points."""
    if text is None:
        if drawn or seed is not None:
            key = drawn[0].key if drawn else "design.seed"
            raise ScenarioError(f"{key}: given without a design, allowed beside design={LATIN}:64 or design={SOBOL}:64")
        return None, None
    said = DRAWING.fullmatch(text)
    if said is None:
        if not text.endswith(".csv"):
            raise ScenarioError(f"design: {text[:60]} given, allowed {LATIN}:POINTS, {SOBOL}:POINTS or FILE.csv")
        if drawn or seed is not None:
            raise ScenarioError(f"design: {text[:60]} given beside what is drawn, allowed is one of the two")
        return None, Path(text)
    if not drawn:
        raise ScenarioError(f"design: {text} given, and nothing is drawn; allowed beside key=uniform(LOW,HIGH)")
    if seed is not None and not seed.isdecimal():
        raise ScenarioError(f"design.seed: {seed[:60]!r} given, allowed a whole number")
    drawing = build(Drawing, {"kind": said[1], "points": int(said[2]), "seed": int(seed or 1)}, "design")
    if drawing.kind == SOBOL and drawing.points & (drawing.points - 1):
        raise ScenarioError(f"design: {text} given, allowed a power of two, at which a Sobol sequence is balanced")
    return drawing, None


def _engine(own: Mapping[str, str]) -> Engine:
    """What `engine=`, `engine.address=` and `engine.workers=` say."""
    keys = ("engine", "engine.address", "engine.workers")
    for key in own:
        if key.startswith("engine") and key not in keys:
            raise ScenarioError(f"{key}: unknown key; {nearest(key, keys)}")
    name, address, workers = (own.get(key) for key in keys)
    if name is not None and name not in ENGINES:
        raise ScenarioError(f"engine: {name[:60]} given; {nearest(name, ENGINES)}")
    if address is not None and (name != "dask" or not re.fullmatch(r"(tcp|tls)://[\w.\[\]:-]+:\d{1,5}", address)):
        raise ScenarioError(f"engine.address: {address[:60]} given, allowed tcp://HOST:PORT beside engine=dask")
    if workers is not None and (
        name == "serial" or address is not None or not workers.isdecimal() or not 1 <= int(workers) <= 4096
    ):
        raise ScenarioError(
            f"engine.workers: {workers[:60]} given, allowed 1 to 4096 on this machine; a cluster that is there has its own"
        )
    return Engine(name, address, None if workers is None else int(workers))
