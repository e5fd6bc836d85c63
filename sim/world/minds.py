"""The Minds drawer: what nobody observes. Interests, habits, awareness, and how good a post really is."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from sim.numbers.columns import Drawer


@dataclass
class Minds(Drawer):
    """One row an account; `felt` and `quality` have one row a live post."""

    LASTING: ClassVar = ("key", "interest", "sessions", "videos", "posting", "skill", "expressive")

    key: npt.NDArray[np.uint32]  # luck of the account (every account)
    interest: npt.NDArray[np.int8]  # (accounts, axes) 128 is 1; the last two axes are politics and leaning
    sessions: npt.NDArray[np.float64]  # sessions a day
    videos: npt.NDArray[np.int32]  # mean videos a session, beyond the first
    posting: npt.NDArray[np.float64]  # posts a day (every account)
    skill: npt.NDArray[np.float64]  # quality of what the account makes (every account)
    expressive: npt.NDArray[np.int32]  # units of logit
    supports: npt.NDArray[np.int8]  # candidate whom the account's posts support, -1 none (every account)
    returns: npt.NDArray[
        np.int32
    ]  # hour from which the account is used; those in use have one that is past (every account)
    leaves: npt.NDArray[np.int32]  # hour from which the account is used no more (every account)
    awareness: npt.NDArray[np.uint8]  # (users, candidates) 255 is full
    saw: npt.NDArray[np.uint32]  # bit c: ever saw candidate c
    felt: npt.NDArray[np.int32]  # (live posts) how good a post feels: its quality, saturated, units of LOGIT
    quality: npt.NDArray[np.int32]  # (live posts) how good a post is, units of LOGIT
    appeal: npt.NDArray[np.int32]  # (candidates) what people add to every reaction to a candidate, units of LOGIT
    nothing_seen: npt.NDArray[np.bool_]  # (accounts) whether the feed was empty when the account last looked
    directed: npt.NDArray[np.int32]  # accounts that others direct since an infiltration began, ascending
    copies: npt.NDArray[np.int32]  # (directed) how often each puts out what it posts or shares
    enticing: npt.NDArray[np.uint64]  # (directed) threshold out of 2^32 for a post of full appeal

    def in_use(self, hour: int, who: npt.NDArray[np.integer] | slice = slice(None)) -> npt.NDArray[np.bool_]:
        """Whether somebody uses some accounts (all where none are named) in an hour."""
        return np.asarray((self.returns[who] <= hour) & (hour < self.leaves[who]))
