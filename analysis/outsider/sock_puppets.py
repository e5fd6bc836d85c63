"""Sock-puppet audits: fresh accounts watch what they are shown, and somebody counts whose posts these were.

As Global Witness did on 6 December 2024 with one account in ten minutes: 54 videos, 27 of them about the election, 23 of 27 for one of two
candidates, whose Wilson interval is 68 to 94%; and as in audits of hundreds of runs (323 in arXiv 2501.17831). The rule by which a share
alarms was stated by nobody. Here it is that the interval lies above an equal split among the candidates whom the accounts follow, all of
them alike. Counts are pooled over runs, as they are published.
"""

from analysis.outsider.seen import MISSING, Answer, Seen
from analysis.outsider.shares import wilson


def one_puppet(seen: Seen) -> Answer:
    """One account, once."""
    return puppets(seen, 1)


def many_puppets(seen: Seen) -> Answer:
    """All accounts of the day, their counts pooled."""
    return puppets(seen, None)


def puppets(seen: Seen, runs: int | None) -> Answer:
    """The candidate's share of the election posts that accounts were shown on the last day of audits, beyond an equal split.

    runs: how many of them, the first ones, who are as good as drawn by lot; None: all.
    """
    shown = seen.puppets[seen.puppets["candidate"] >= 0]
    shown = shown[shown["date"] == seen.puppets["date"].max()]
    if runs is not None:
        shown = shown[shown["account"] < runs]
    if shown.empty:
        return MISSING
    equal = 1.0 / seen.candidates
    own = int((shown["candidate"] == seen.focal).sum())
    low, high = wilson(own, len(shown))
    return Answer(own / len(shown) - equal, low - equal, high - equal, low > equal)
