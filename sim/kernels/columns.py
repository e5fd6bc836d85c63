"""Columns of the world that kernels read together, as tuples of plain arrays."""

from typing import NamedTuple

import numpy as np

REMOVED, LIMITED, LABELLED = 1, 2, 4  # bits of a post's status
HIDDEN = REMOVED | LIMITED  # what keeps a post out of recommendations


class PostColumns(NamedTuple):
    """Live posts; row 0 is post number `first`. Dtypes and meanings as in `sim.world.platform.Posts`, `felt` as in Minds."""

    first: int
    key: np.ndarray
    author: np.ndarray
    hour: np.ndarray
    topic: np.ndarray
    status: np.ndarray
    likes: np.ndarray
    candidate: np.ndarray
    disclosed: np.ndarray
    spoken_of: np.ndarray
    felt: np.ndarray


class UserColumns(NamedTuple):
    """Accounts, as in `sim.world.platform.Accounts` and Minds."""

    key: np.ndarray
    interest: np.ndarray
    expressive: np.ndarray
    newest_post: np.ndarray
    last_session: np.ndarray
    inbox: np.ndarray
    inbox_waiting: np.ndarray


class FollowColumns(NamedTuple):
    """Who follows whom, as in `sim.world.platform.Graph`."""

    following_start: np.ndarray
    following: np.ndarray
    newest_added: np.ndarray
    added_author: np.ndarray
    added_before: np.ndarray


class Lists(NamedTuple):
    """Standing listings of one lane, as in `sim.kernels.shortlists`."""

    numbers: np.ndarray
    seen: np.ndarray
    shown: np.ndarray
    lengths: np.ndarray
