"""Folders of results as tidy frames, whoever has written them and when: `load`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from analysis.notebook.arrays import dataset
from analysis.notebook.frames import Names, estimates_frame, names_of, runs_frame, series_frame
from sim.runs.recording import read_table
from sim.runs.recording.families import INDEX
from sim.runs.recording.results import OLDER, check_comparison, check_world, checked_table, read_whole
from sim.scenario.documents import read_document
from sim.scenario.schema import ScenarioError

OF_SERIES = ("arm", "measure")
ESTIMATES = ("contrast", "measure", "candidate", "estimate", "low", "high", "n", "paired_sd", "unpaired_sd")


@dataclass(frozen=True)
class Results:
    """What a folder holds. Frames have dates, ordered categories for arms, campaigns, moderations and candidates, and units in `.attrs`.

    kind: the command that wrote it; runs: one row a world; series: one row a day, measure and candidate; estimates: None where the
    folder has none. What the columns mean says docs/DATA.md.
    """

    folder: Path
    kind: str
    manifest: Mapping[str, Any]
    runs: pd.DataFrame
    series: pd.DataFrame
    estimates: pd.DataFrame | None = None

    @property
    def digest(self) -> str:
        """A hash of all results: equal ones have equal digests on any machine."""
        return str(self.manifest["digest"])

    def to_xarray(self) -> Any:
        """An xarray.Dataset: series by arm, seed, day and candidate, and numbers of whole runs (run_NAME) by arm and seed; see `arrays`."""
        return dataset(self.series, self.runs, self.digest)

    def __repr__(self) -> str:
        worlds = "1 world" if len(self.runs) == 1 else f"{len(self.runs)} worlds"
        return f"Results({self.folder}, of {self.kind}: {worlds}; digest {self.digest[:12]})"


class Reader(NamedTuple):
    """One kind of folder. fits: whether a folder is of it, by its manifest; read: its frames, once it is checked."""

    kind: str
    fits: Callable[[Mapping[str, Any]], bool]
    read: Callable[[Path, Mapping[str, Any]], Results]


def load(folder: str | Path) -> Results:
    """What `run`, `compare` or `sweep` have left in a folder, which may come from anywhere and from an earlier version.

    Raises ScenarioError where it is damaged, or of no kind that is known.
    """
    place = Path(folder)
    path = next((place / name for name in ("manifest.json", INDEX) if (place / name).is_file()), place / INDEX)
    manifest = read_whole(path) if path.is_file() else None
    reader = next((known for known in READERS if isinstance(manifest, Mapping) and known.fits(manifest)), None)
    if reader is None or not isinstance(manifest, Mapping):
        *first, last = (known.kind for known in READERS)
        kinds = f"{', '.join(first)} or {last}"
        raise ScenarioError(f"{place}: holds no results that are known; allowed is a folder that {kinds} has written")
    try:
        return reader.read(place, manifest)
    except ScenarioError:
        raise
    except (
        ValueError,
        TypeError,
        KeyError,
    ) as error:  # a date that is none, and whatever else a stranger's table may hold
        raise ScenarioError(f"{place}: cannot be read: {' '.join(str(error).split())[:120]}") from None


def _read_comparison(folder: Path, found: Mapping[str, Any]) -> Results:
    """Paired arms over seeds."""
    check_comparison(folder)
    manifest = {**OLDER, **found}
    names, first_day = names_of(manifest), date.fromisoformat(manifest["start_date"])
    runs = runs_frame(read_table(folder, "runs"), names, first_day, manifest["units"])
    series = series_frame(read_table(folder, "series"), names)
    file = folder / "estimates.parquet"  # not there where a comparison was interrupted before its estimates
    estimates = estimates_frame(checked_table(file, ESTIMATES, ()), names) if file.is_file() else None
    return Results(folder, "compare", manifest, runs, series, estimates)


def _read_sweep(folder: Path, found: Mapping[str, Any]) -> Results:
    """Comparisons at many points, once `compact` has made tables of them; the columns of the design stand first in every frame."""
    if not (folder / "runs.parquet").is_file():
        raise ScenarioError(f"{folder}: holds no tables yet; allowed after groundswell compact {folder}")
    about = found["about"]
    names, design = names_of(about), ["point", *map(str, found["keys"])]
    raw_series = checked_table(folder / "series.parquet", ("date", *OF_SERIES), ("point", "seed", "candidate", "value"))
    raw_runs = checked_table(folder / "runs.parquet", ("arm", "digest"), ("point", "seed"))
    raw_estimates = checked_table(folder / "estimates.parquet", ESTIMATES, ("point",))
    begun = pd.to_datetime(raw_series.groupby("point")["date"].min())  # points may have calendars of their own
    runs = runs_frame(raw_runs, names, raw_runs["point"].map(begun), about["units"])
    series, estimates = series_frame(raw_series, names), estimates_frame(raw_estimates, names)
    return Results(
        folder, "sweep", found, _led_by(design, raw_runs, runs), _led_by(design, raw_series, series),
        _led_by(design, raw_estimates, estimates),
    )  # fmt: skip


def _led_by(design: list[str], raw: pd.DataFrame, frame: pd.DataFrame) -> pd.DataFrame:
    """A frame with the columns of the design before its own."""
    led = pd.concat([raw[design], frame[[name for name in frame.columns if name not in design]]], axis=1)
    led.attrs = frame.attrs
    return led


def _read_world(folder: Path, found: Mapping[str, Any]) -> Results:
    """One world; of its candidates, dates and units a folder of before 28 November 2026 says nothing but in its scenario."""
    check_world(folder)
    raw_runs, raw_series = read_table(folder, "runs"), read_table(folder, "series")
    labels = found.get("candidates") or _labels(folder / "config.yaml", int(raw_series["candidate"].max()) + 1)
    names = Names((str(raw_runs["arm"].iloc[0]),), tuple(map(str, labels)))
    first_day = date.fromisoformat(str(found.get("start_date") or raw_series["date"].min()))
    manifest = {**OLDER, **found}
    runs = runs_frame(raw_runs, names, first_day, manifest["units"])
    return Results(folder, "run", manifest, runs, series_frame(raw_series, names))


def _labels(config: Path, count: int) -> list[str]:
    """Labels of candidates as the scenario names them, their numbers where there is no scenario."""
    document = read_document(config)[0] if config.is_file() else {}
    population = document.get("population") if isinstance(document, Mapping) else {}
    named = population.get("candidates") if isinstance(population, Mapping) else []
    labels = [str(one["label"]) for one in named or [] if isinstance(one, Mapping) and "label" in one]
    return labels if len(labels) >= count else [str(number) for number in range(count)]


READERS = (  # another kind of folder is one more of these
    Reader("run", lambda manifest: "ticks" in manifest, _read_world),
    Reader("sweep", lambda manifest: "families" in manifest, _read_sweep),
    Reader("compare", lambda manifest: "arms" in manifest, _read_comparison),
)
