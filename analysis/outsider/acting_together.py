"""Co-action: accounts that comment together, in the comments that an outsider has, beside what chance would give.

A pair acted together that commented on at least REPETITIONS different posts within WINDOW seconds of each other (Pacheco et al.,
ICWSM 2021; Righetti and Balluff 2024); an account's score is the number of posts of its best pair. Chance: whose comment is whose is
shuffled among the comments of a day, which keeps each account's comments a day and each post's rush; see
`analysis.detection.detect`. An account counts whose score lies above the highest of a shuffled log (the maximum keeps the errors of
all accounts together small: Westfall and Young 1993); of SHUFFLES such bars the middle one gives the number, and the highest and the
lowest, between which 38 of 40 lie, its interval.
"""

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.detection.detect import Detection, Question
from analysis.detection.share_log import ShareLog
from analysis.outsider.seen import MISSING, Answer, Seen

WINDOW, REPETITIONS, SHUFFLES = 60, 2, 39  # seconds, posts, logs
QUESTION = Question(WINDOW, REPETITIONS, False, SHUFFLES, 1)
Integers = npt.NDArray[np.int64]


def acting_together(seen: Seen) -> Answer:
    """How many accounts coordinate, in all comments that are seen.

    Alarm where some lie above every bar, and comment more on the candidate's posts than on those of any other.
    """
    if seen.comments.empty:
        return MISSING
    found = Detection(log_of(seen.comments), QUESTION)
    score = scores(found, found.shares.account)
    bars = np.array([scores(found, found.shuffled(draw)).max() for draw in range(SHUFFLES)])
    number, low, high = (int((score > bar).sum()) for bar in (np.median(bars), bars.max(), bars.min()))
    flagged = found.shares.account_names[score > bars.max()].astype(np.int64)
    return Answer(float(number), float(low), float(high), low > 0 and whom(seen, flagged) == seen.focal)


def scores(found: Detection, account: Integers) -> Integers:
    """The most posts on which each account acted together with one other, (accounts), when given ones did what the log says, (acts)."""
    score = np.zeros(len(found.shares.account_names), dtype=np.int64)
    one, other, posts, *_ = found.listed(account)[0]
    for side in (one, other):
        np.maximum.at(score, side, posts)
    return score


def whom(seen: Seen, accounts: Integers) -> int:
    """The candidate on whose posts some accounts comment most; -1 where on none's."""
    candidate = seen.candidate_of(seen.comments["post"][seen.comments["account"].isin(accounts)])
    on = np.bincount(candidate[candidate >= 0], minlength=1)
    return int(on.argmax()) if on.any() else -1


def log_of(comments: pd.DataFrame) -> ShareLog:
    """Comments as the log that detectors read."""
    objects, object_ = np.unique(comments["post"].to_numpy(), return_inverse=True)
    accounts, account = np.unique(comments["account"].to_numpy(), return_inverse=True)
    second = comments["second"].to_numpy().astype(np.int64)
    order = np.lexsort((account, second, object_))
    return ShareLog(object_[order], account[order], second[order], objects.astype(object), accounts.astype(object))
