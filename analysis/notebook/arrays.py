"""Results as labelled arrays, for whoever works with xarray."""

import importlib
from typing import Any

import numpy as np
import pandas as pd

SPENT = "spent:"  # measures with a row only on days on which money was paid
OF_RUN = "run_"  # begins the names of numbers that a whole run has


def dataset(series: pd.DataFrame, runs: pd.DataFrame, digest: str) -> Any:
    """Frames of `analysis.load` as an xarray.Dataset by arm, seed, day and candidate; units and what it is about are attributes.

    A measure of the series has the dimension candidate where it is about one. Numbers of whole runs are run_NAME, by arm and seed.
    What no row says is missing; of money paid it is 0. Raises ImportError where xarray is not installed.
    """
    try:
        xarray = importlib.import_module("xarray")
    except ImportError:
        raise ImportError(
            "xarray is not installed; it comes with the extra: pip install 'groundswell[xarray]'"
        ) from None
    lead = {"point": pd.Index(np.unique(series["point"]))} if "point" in series else {}  # of a sweep
    index = {
        **lead,
        "arm": series["arm"].cat.categories, "seed": pd.Index(np.unique(series["seed"])),
        "day": pd.DatetimeIndex(np.unique(series["date"])), "candidate": series["candidate"].cat.categories,
    }  # fmt: skip
    columns = {**dict.fromkeys(lead, "point"), "arm": "arm", "seed": "seed", "day": "date", "candidate": "candidate"}
    variables = {}
    for measure, rows in series.groupby("measure", sort=True):
        dims = [name for name in index if name != "candidate" or rows["candidate"].notna().any()]
        values = np.full([len(index[name]) for name in dims], 0.0 if str(measure).startswith(SPENT) else np.nan)
        values[tuple(index[name].get_indexer(rows[columns[name]]) for name in dims)] = rows["value"]
        variables[str(measure)] = (dims, values, _attributes(series, str(measure)))
    by = [*lead, "arm", "seed"]
    places = tuple(index[name].get_indexer(runs[name]) for name in by)
    for name in runs.select_dtypes(["number", "datetime"]).columns.drop(["seed", *lead]):
        is_time = pd.api.types.is_datetime64_any_dtype(runs[name])
        shape = tuple(len(index[of]) for of in by)
        whole = np.full(shape, np.datetime64("NaT", "ns")) if is_time else np.full(shape, np.nan)
        whole[places] = runs[name].to_numpy()
        variables[f"{OF_RUN}{name}"] = (by, whole, _attributes(runs, name))
    split = [arm.partition("/") for arm in index["arm"]]
    coordinates = {name: (name, np.asarray(labels)) for name, labels in index.items()}
    coordinates |= {
        "campaign": ("arm", np.array([campaign for campaign, _, _ in split])),
        "moderation": ("arm", np.array([moderation for _, _, moderation in split])),
    }
    about = {"about": series.attrs["about"], "digest": digest}
    return xarray.Dataset(variables, coordinates, about)


def _attributes(frame: pd.DataFrame, name: str) -> dict[str, str]:
    """The unit of a measure or a column, where one is known."""
    return {"units": frame.attrs["units"][name]} if name in frame.attrs["units"] else {}
