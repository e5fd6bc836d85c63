"""What a model of this kind costs without retrieval and learning: bare loops in Mesa and in NumPy.

They do the least that can be called an impression: a user who has opened the app draws a post, scores it by interest
and decides whether to watch it through. Nothing is retrieved, nothing is remembered, nobody learns. The ranking forms
score a list for each visitor and show the best of it instead of a draw, which is the least that can be called a feed.
"""

import heapq
import math
import random
from operator import mul

import mesa
import numpy as np
import numpy.typing as npt

Ints, Floats = npt.NDArray[np.integer], npt.NDArray[np.floating]
OPENS = 0.45  # share of users who open the app in an hour of the evening
VIDEOS = 25
POSTS = 1000
LISTED = 176  # posts on a list, as on a block's lists of the engine
AXES = 10
FIT, MIDDLE = 1.5, 0.6
TOGETHER = 2000  # visitors who share a list in the NumPy loop that ranks


class Viewer(mesa.Agent):  # type: ignore[misc]
    """One user of the bare Mesa loop."""

    def __init__(self, model: "BareMesa", interest: list[float]) -> None:
        super().__init__(model)
        self.interest = interest

    def step(self) -> None:
        """Perhaps open the app; then draw, score and decide, video by video: as one writes it in Mesa."""
        if self.random.random() >= OPENS:
            return
        for _ in range(VIDEOS):
            number = self.random.randrange(POSTS)
            cosine = sum(mine * its for mine, its in zip(self.interest, self.model.posts[number], strict=True))
            if self.random.random() < 1.0 / (1.0 + math.exp(-FIT * (cosine - MIDDLE))):
                self.model.watched[number] += 1
            self.model.impressions += 1


class RankingViewer(Viewer):
    """A user who is shown the best of a list."""

    def step(self) -> None:
        """Perhaps open the app; then score a list with some noise, and decide over the best of it."""
        luck, model = self.model.luck, self.model
        if luck() >= OPENS:
            return
        mine, begin = self.interest, int(luck() * (POSTS - LISTED))
        scores = [
            (FIT * (sum(map(mul, mine, model.posts[number])) - MIDDLE) - math.log(-math.log(luck())), number)
            for number in range(begin, begin + LISTED)
        ]
        for score, number in heapq.nlargest(VIDEOS, scores):
            if luck() < 1.0 / (1.0 + math.exp(-score)):
                model.watched[number] += 1
        model.impressions += VIDEOS


class BareMesa(mesa.Model):  # type: ignore[misc]
    """A bare Mesa loop: one agent a user."""

    viewer = Viewer

    def __init__(self, users: int) -> None:
        super().__init__(rng=1)
        luck = np.random.default_rng(1)
        self.luck = random.Random(1).random
        self.posts = [tuple(topic) for topic in luck.normal(size=(POSTS, AXES)).tolist()]
        self.watched = [0] * POSTS
        self.impressions = 0
        for interest in luck.normal(size=(users, AXES)).tolist():
            self.viewer(self, interest)

    def step(self) -> None:
        """One hour."""
        self.agents.do("step")


class RankingMesa(BareMesa):
    """The Mesa loop that ranks."""

    viewer = RankingViewer


class BareNumpy:
    """The same loop over arrays."""

    def __init__(self, users: int) -> None:
        self.luck = np.random.default_rng(1)
        self.topics = self.luck.normal(size=(POSTS, AXES))
        self.interests = self.luck.normal(size=(users, AXES))
        self.watched = np.zeros(POSTS, dtype=np.int64)
        self.impressions = 0

    def step(self) -> None:
        """One hour: video after video, of all visitors at once."""
        visitors = np.flatnonzero(self.luck.random(len(self.interests)) < OPENS)
        for _ in range(VIDEOS):
            number, score = self.shown(visitors)
            watched = self.luck.random(len(score)) < 1.0 / (1.0 + np.exp(-score))
            np.add.at(self.watched, number[watched], 1)
            self.impressions += len(score)

    def shown(self, visitors: Ints) -> tuple[Ints, Floats]:
        """One post drawn for each of some visitors, and its score."""
        number = self.luck.integers(POSTS, size=len(visitors))
        return number, FIT * ((self.interests[visitors] * self.topics[number]).sum(axis=1) - MIDDLE)


class RankingNumpy(BareNumpy):
    """The NumPy loop that ranks; visitors who share a list at once, so that their numbers stay in cache."""

    def step(self) -> None:
        """One hour: list after list."""
        visitors = np.flatnonzero(self.luck.random(len(self.interests)) < OPENS)
        for begin in range(0, len(visitors), TOGETHER):
            number, score = self.shown(visitors[begin : begin + TOGETHER])
            watched = self.luck.random(len(score)) < 1.0 / (1.0 + np.exp(-score))
            self.watched += np.bincount(number[watched], minlength=POSTS)
            self.impressions += len(score)

    def shown(self, visitors: Ints) -> tuple[Ints, Floats]:
        """The best of a list for each of some visitors, who share it; a matrix product scores it."""
        begin = int(self.luck.integers(POSTS - LISTED))
        score = FIT * (self.interests[visitors] @ self.topics[begin : begin + LISTED].T - MIDDLE)
        score -= np.log(self.luck.standard_exponential(size=score.shape, dtype=np.float32) + np.float32(1e-9))
        best = np.argpartition(score, LISTED - VIDEOS, axis=1)[:, -VIDEOS:]
        return begin + best.ravel(), np.take_along_axis(score, best, axis=1).ravel()


LOOPS = {
    "bare Mesa loop": BareMesa,
    "bare NumPy loop": BareNumpy,
    "Mesa loop that ranks": RankingMesa,
    "NumPy loop that ranks": RankingNumpy,
}
