"""Simple detectors to compare with: each reads what anybody may, and hands in flags like anybody.

Two that know nothing (everybody, one in a hundred by lot), one that counts (accounts with the most acts on posts about the election; its
bar is learned from training labels), and one that compares (`groundswell detect`, asked anew at the end of each day).
"""

from collections.abc import Callable

import numpy as np
import pandas as pd

from analysis.benchmark.flags import ACCOUNT, COLUMNS, HOUR, SCORE, WORLD
from analysis.benchmark.load import Folder
from analysis.benchmark.plan import TEST, TRAINING, settings
from analysis.benchmark.score import HOUR_LONG, OPERATED, PER
from analysis.benchmark.tables import INNOCENT, LABELS, PACKED, dealt
from analysis.detection.detect import Detection, Question
from analysis.detection.share_log import ShareLog, read_share_log

DAY = 24  # hours
ONE_IN = 100
WINDOW, REPETITIONS = 60, 2  # seconds, objects: as `groundswell detect` asks where nothing is said
COMPARES = Question(WINDOW, REPETITIONS, False, 1, 1)


def everybody(folder: Folder, world: str) -> pd.DataFrame:
    """Every account: finds all, at the price of everybody."""
    return pd.DataFrame({ACCOUNT: folder.table(world, "accounts")[ACCOUNT]})


def by_lot(folder: Folder, world: str) -> pd.DataFrame:
    """One account in a hundred, by the order of hashes of nothing but the world's name."""
    accounts = folder.table(world, "accounts")[ACCOUNT].to_numpy()
    return pd.DataFrame({ACCOUNT: accounts[dealt(world, "lot", len(accounts)) < len(accounts) // ONE_IN]})


def acts_on_election(folder: Folder, world: str) -> pd.DataFrame:
    """Acts on posts about the election, in order: account and hour of the log."""
    events = folder.table(world, "events")
    post = events["object_id"].str.partition(":")[2].astype("int64")
    about = events[post.isin(folder.table(world, "posts")["post_id"])]
    first = events["timestamp_share"].min() // HOUR_LONG
    return pd.DataFrame({ACCOUNT: about[ACCOUNT], HOUR: about["timestamp_share"] // HOUR_LONG - first})


def bar_of_training(folder: Folder) -> int:
    """The number of acts on posts about the election that no more innocents of the training worlds go beyond than the price allows."""
    counts, genuine = list[pd.Series](), 0
    for world in folder.worlds(TRAINING)[WORLD]:
        kind = folder.table(world, LABELS).set_index(ACCOUNT)["kind"]
        count = acts_on_election(folder, world)[ACCOUNT].value_counts()
        counts.append(count[kind[count.index].isin(INNOCENT).to_numpy()])
        genuine += int(kind.isin(INNOCENT).sum())
    innocent = np.sort(pd.concat(counts).to_numpy())[::-1]
    return int(np.append(innocent, np.zeros(genuine - len(innocent)))[int(settings().price / PER * genuine)])


def busiest(bar: int) -> Callable[[Folder, str], pd.DataFrame]:
    """Accounts with more acts on posts about the election than the bar, in the hour in which they go beyond it."""

    def flags(folder: Folder, world: str) -> pd.DataFrame:
        acts = acts_on_election(folder, world)
        nth, count = acts.groupby(ACCOUNT).cumcount(), acts[ACCOUNT].value_counts()
        beyond = acts[nth == bar]
        return pd.DataFrame({ACCOUNT: beyond[ACCOUNT], SCORE: count[beyond[ACCOUNT]].to_numpy(), HOUR: beyond[HOUR]})

    return flags


def compares(folder: Folder, world: str) -> pd.DataFrame:
    """Accounts in a pair that acted together, on the day at whose end they are first; score: on how many objects by the last day."""
    log = read_share_log(folder.public / f"{world}.events{PACKED}")
    row = folder.worlds(TRAINING if world.startswith(TRAINING) else TEST).set_index(WORLD).loc[world]
    found = dict[str, tuple[int, int]]()
    for day in range(-(-(int(row["last"]) - int(row["first"])) // (DAY * HOUR_LONG))):
        seen = log.second < int(row["first"]) + DAY * HOUR_LONG * (day + 1)
        until = ShareLog(log.object_[seen], log.account[seen], log.second[seen], log.object_names, log.account_names)
        table = Detection(until, COMPARES).accounts()
        for number, objects in zip(table["account"].tolist(), table["objects"].tolist(), strict=True):
            name = str(log.account_names[number])
            found[name] = (found.get(name, (DAY * (day + 1) - 1, 0))[0], objects)
    names = sorted(found, key=int)
    return pd.DataFrame({
        ACCOUNT: [int(name) for name in names], SCORE: [found[name][1] for name in names], HOUR: [found[name][0] for name in names],
    })  # fmt: skip


def loudness(folder: Folder) -> pd.DataFrame:
    """Comments of one of the campaign's own accounts, and of a genuine one that is in the log, by level: means over training worlds."""
    rows = []
    for world in folder.worlds(TRAINING).itertuples():
        events = folder.table(world.world, "events")
        kind = folder.table(world.world, LABELS).set_index(ACCOUNT)["kind"]
        comments = events["object_id"].str.startswith("comment:").groupby(events[ACCOUNT]).sum()
        of = kind[comments.index]
        operated, genuine = (comments[of.isin(kinds).to_numpy()].mean() for kinds in ((OPERATED,), INNOCENT))
        rows.append({"level": world.level, "operated": operated, "genuine": genuine})
    return pd.DataFrame(rows).groupby("level", sort=False, as_index=False).mean()


def baselines(folder: Folder) -> dict[str, Callable[[Folder, str], pd.DataFrame]]:
    """All of them by name."""
    return {
        "everybody": everybody, "by_lot": by_lot, "busiest": busiest(bar_of_training(folder)),
        f"detect_{WINDOW}s_{REPETITIONS}": compares,
    }  # fmt: skip


def flags_of(detector: Callable[[Folder, str], pd.DataFrame], folder: Folder, which: str) -> pd.DataFrame:
    """A detector's flags on all worlds of a set, as they are handed in."""
    parts = [detector(folder, world).assign(**{WORLD: world}) for world in folder.worlds(which)[WORLD]]
    rows = pd.concat(parts, ignore_index=True).reindex(columns=list(COLUMNS)).astype({ACCOUNT: "int64"})
    return rows.sort_values([WORLD, ACCOUNT], ignore_index=True)


def packed_name(name: str, which: str) -> str:
    """The file of a baseline's flags in the public folder."""
    return f"baseline_{name}.{which}{PACKED}"
