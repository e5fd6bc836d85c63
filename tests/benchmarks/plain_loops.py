"""What a model of this kind costs without retrieval and learning: bare loops in Mesa and in NumPy.

Both do the least that can be called an impression: a user who has opened the app draws a post, scores it by interest
and decides whether to watch it through. Nothing is ranked, nothing is remembered, nobody learns.
"""

import math
import random
from operator import mul

import mesa
import numpy as np

OPENS = 0.45  # share of users who open the app in an hour of the evening
VIDEOS = 25
POSTS = 1000
AXES = 10
FIT, MIDDLE = 1.5, 0.6
TOGETHER = 2000  # visitors who are drawn at once in NumPy, so that their numbers stay in cache


class Viewer(mesa.Agent):  # type: ignore[misc]
    """One user of the bare Mesa loop."""

    def __init__(self, model: "BareMesa", interest: list[float]) -> None:
        super().__init__(model)
        self.interest = interest

    def step(self) -> None:
        """Perhaps open the app; then draw, score and decide, video by video."""
        luck, posts, model = self.model.luck, self.model.posts, self.model
        if luck() >= OPENS:
            return
        for _ in range(VIDEOS):
            number = int(luck() * POSTS)
            score = FIT * (sum(map(mul, self.interest, posts[number])) - MIDDLE)
            if luck() < 1.0 / (1.0 + math.exp(-score)):
                model.watched[number] += 1
        model.impressions += VIDEOS


class BareMesa(mesa.Model):  # type: ignore[misc]
    """A bare Mesa loop: one agent a user."""

    def __init__(self, users: int) -> None:
        super().__init__(rng=1)
        luck = np.random.default_rng(1)
        self.luck = random.Random(1).random
        self.posts = [tuple(topic) for topic in luck.normal(size=(POSTS, AXES)).tolist()]
        self.watched = [0] * POSTS
        self.impressions = 0
        for interest in luck.normal(size=(users, AXES)).tolist():
            Viewer(self, interest)

    def step(self) -> None:
        """One hour."""
        self.agents.do("step")


class BareNumpy:
    """The same loop over arrays."""

    def __init__(self, users: int) -> None:
        self.luck = np.random.default_rng(1)
        self.topics = self.luck.normal(size=(POSTS, AXES)).astype(np.float32)
        self.interests = self.luck.normal(size=(users, AXES)).astype(np.float32)
        self.watched = np.zeros(POSTS, dtype=np.int64)
        self.impressions = 0

    def step(self) -> None:
        """One hour."""
        visitors = np.flatnonzero(self.luck.random(len(self.interests), dtype=np.float32) < OPENS)
        for begin in range(0, len(visitors), TOGETHER):
            who = np.repeat(visitors[begin : begin + TOGETHER], VIDEOS)
            number = self.luck.integers(POSTS, size=len(who), dtype=np.int32)
            score = FIT * (np.einsum("ij,ij->i", self.interests[who], self.topics[number]) - MIDDLE)
            watched = self.luck.random(len(who), dtype=np.float32) < 1.0 / (1.0 + np.exp(-score))
            self.watched += np.bincount(number[watched], minlength=POSTS)
            self.impressions += len(who)
