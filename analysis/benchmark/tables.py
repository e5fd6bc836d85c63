"""The files of one world: what is in each column, and names that tell nothing."""

import gzip
import hashlib
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from sim.runs.face import LabelledWorld

Ints = npt.NDArray[np.int64]
COORDINATED = ("operated", "vendor")  # kinds of accounts that somebody directs
INNOCENT = ("ordinary", "volunteer")  # and of genuine ones; all others count for nothing
COLUMNS = {  # of each file of a world
    "events": ("object_id", "account_id", "content_id", "timestamp_share"),
    "accounts": ("account_id", "created", "followers"),
    "posts": ("post_id", "account_id", "timestamp", "candidate", "hashtag"),
    "labels": ("account_id", "coordinated", "kind"),
}
LABELS = "labels"
PACKED = ".csv.gz"


class Written(NamedTuple):
    """A file: packed as it lies in the folder, and the hash of what it says, which is the same whatever packs it."""

    packed: bytes
    content: str


def tables_of(world: LabelledWorld, candidates: tuple[str, ...], secret: str) -> dict[str, pd.DataFrame]:
    """The tables of a world. Accounts and candidates get names by lot, so that neither their order nor a letter tells anything."""
    account = 1 + dealt(secret, "account", len(world.kind))
    lot = dealt(secret, "candidate", len(candidates))
    letter = np.array([*np.array(candidates)[lot], ""])  # the last for NOBODY, which is -1
    posts = pd.DataFrame({
        "post_id": world.posts["post"], "account_id": account[world.posts["author"]], "timestamp": world.posts["second"],
        "candidate": letter[world.posts["candidate"]], "hashtag": letter[world.posts["hashtag"]],
    })  # fmt: skip
    created, followers = world.accounts["created"].astype(str), world.accounts["followers"]
    accounts = pd.DataFrame({"account_id": account, "created": created, "followers": followers})
    coordinated = np.isin(world.kind, COORDINATED).astype(int)
    labels = pd.DataFrame({"account_id": account, "coordinated": coordinated, "kind": world.kind})
    return {
        "events": _events(world.events, account), "accounts": accounts.sort_values("account_id"),
        "posts": posts.sort_values("post_id"), LABELS: labels.sort_values("account_id"),
    }  # fmt: skip


def _events(events: pd.DataFrame, account: Ints) -> pd.DataFrame:
    """Acts in the order of their seconds, and then of their names, which are by lot."""
    named = pd.DataFrame({
        "object_id": events["verb"] + ":" + events["post"].astype(str), "account_id": account[events["account"]],
        "timestamp_share": events["second"],
    }).sort_values(["timestamp_share", "account_id", "object_id"], ignore_index=True)  # fmt: skip
    return named.assign(content_id=np.arange(len(named)))[list(COLUMNS["events"])]


def dealt(secret: str, what: str, count: int) -> Ints:
    """A place from 0 for each of so many things, by the order of hashes: a permutation that only the secret gives."""
    keys = [hashlib.sha256(f"{secret}:{what}:{number}".encode()).digest() for number in range(count)]
    place = np.empty(count, dtype=np.int64)
    place[sorted(range(count), key=keys.__getitem__)] = np.arange(count)
    return place


def written(table: pd.DataFrame) -> Written:
    """A table as CSV in UTF-8 with a line feed after each row, gzipped without a date."""
    text = table.to_csv(index=False, lineterminator="\n").encode()
    return Written(gzip.compress(text, mtime=0), hash_of(text))


def hash_of(content: bytes) -> str:
    """SHA-256 in hexadecimal."""
    return hashlib.sha256(content).hexdigest()
