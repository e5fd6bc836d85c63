"""Columns of the world that kernels read together, as tuples of plain arrays."""

from typing import NamedTuple

import numpy as np

# Bits of a post's status. PAUSED and HELD end; DISCOUNTED: engagement counts less; ASKED: the app asks before a share;
# FOLLOWERS_ONLY: never recommended, since its author shows it to nobody else.
REMOVED, LIMITED, LABELLED, PAUSED, HELD, DISCOUNTED, ASKED, FOLLOWERS_ONLY = 1, 2, 4, 8, 16, 32, 64, 128
EXCLUDED = REMOVED | LIMITED  # what takes a post out of recommendations
WAITING = PAUSED | HELD  # what keeps it out for a time: its listings stand meanwhile
HIDDEN = EXCLUDED | WAITING


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


class Caps(NamedTuple):
    """Most of the recommended places of one feed that a subject, and an author, may have: shares in 1/65536, 0 for no cap.

    subject: (live posts) int32 number of what a post is about, -1 for nothing that is capped; (0) where there is no cap.
    """

    subject: np.ndarray
    of_subject: int
    of_author: int


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
