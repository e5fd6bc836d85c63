"""What a post is: its key, quality and topic, as keyed draws about the post itself."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.numbers.arithmetic import LOGIT, NORMAL, units
from sim.numbers.luck import Decision, Words, chain_array, draw_array, hidden, key_of, threshold
from sim.scenario.config import Audience, Population
from sim.world.population import eighth_bits, unit_rows

UNLAWFUL_DRAW = 7  # coordinate of the draw about a post that says whether it breaks the law
OWN, PAID, TASK, GIFT, CATALOGUE = range(5)  # purpose: the third coordinate of a post's key
GENERIC = 1000  # hashtags from here on are generic: this plus n stands for the subject on topical axis n


@dataclass(frozen=True)
class Content:
    """Some posts, one row each: how good they feel, their topics, how good they are, and which break the law."""

    felt: npt.NDArray[np.int32]  # in the units of the audience that feels it
    topic: npt.NDArray[np.int8]
    quality: npt.NDArray[np.int32]  # units of LOGIT
    unlawful: npt.NDArray[np.bool_]


def positions(seed: int, candidates: int) -> npt.NDArray[np.float64]:
    """Where candidates stand from left to right, each a keyed draw in (-1, 1): none is placed by hand."""
    return np.array(
        [2.0 * (key_of(seed, 11, 7, candidate) + 0.5) / 4294967296.0 - 1.0 for candidate in range(candidates)]
    )


def post_keys(
    seed: int, author: npt.NDArray[np.integer], hour: int, purpose: int, place: npt.NDArray[np.integer]
) -> Words:
    """Key of posts: (author, hour, purpose, place within the hour), never a row number, and not to be computed back."""
    one, other = (
        chain_array(chain_array(key_of(first, decision, hour, purpose), np.asarray(author)), np.asarray(place))
        for first, decision in ((seed, Decision.POST), (Decision.HIDDEN, seed))
    )
    return hidden(one, other)


def tagged_by_subject(
    topic: npt.NDArray[np.int8], candidate: npt.NDArray[np.integer], hashtag: npt.NDArray[np.integer]
) -> npt.NDArray[np.int32]:
    """The hashtags under which posts appear: the given one, else that of the main subject where nobody is named."""
    generic = GENERIC + topic[:, :-2].argmax(axis=1)  # the last two axes hold politics and leaning
    return np.where((hashtag == 0) & (candidate < 0), generic, hashtag).astype(np.int32)


def content(
    population: Population, audience: Audience, seed: int, key: Words, interest: npt.NDArray[np.int8],
    skill: npt.NDArray[np.float64], candidate: npt.NDArray[np.integer],
    hashtag: npt.NDArray[np.integer] | int = 0, unlawful: npt.NDArray[np.bool_] | None = None,
) -> Content:  # fmt: skip
    """Quality is the author's skill and the luck of the post; the topic lies around the author's interests.

    Quality q helps up to a point: it is felt as q / (1 + |q| / saturation).
    A political post moves to the political axis and to its candidate's place from left to right. Who tags a post with a
    generic hashtag makes it about that subject, which is then its topical part.
    """
    axes = population.axes
    quality = skill + population.quality_spread * NORMAL[draw_array(key, 1) >> np.uint32(16)]
    noise = np.stack([NORMAL[draw_array(key, 2 + axis) >> np.uint32(16)] for axis in range(axes)], axis=1)
    author = interest.astype(np.float64) / 128.0
    topical = unit_rows(author[:, :axes] + population.topic_spread / np.sqrt(axes) * noise)
    subject = np.broadcast_to(np.asarray(hashtag) - GENERIC, len(key))
    tagged = (subject >= 0) & (subject < axes)
    topical[tagged] = np.eye(axes)[subject[tagged]]
    political = candidate >= 0
    place = positions(seed, len(population.candidates))[np.maximum(candidate, 0)]
    topic = np.column_stack(
        [
            np.where(political, 0.5, 1.0)[:, None] * topical,
            np.where(political, 0.8, 0.0),
            np.where(political, population.leaning_weight * place, 0.0),
        ]
    )
    exact, top = np.rint(quality * LOGIT).astype(np.int64), units(audience.quality_saturation)
    felt = (exact * top // (top + np.abs(exact))).astype(np.int32)
    lawful = np.zeros(len(key), dtype=np.bool_)
    return Content(felt, eighth_bits(topic), exact.astype(np.int32), lawful if unlawful is None else unlawful)


def break_the_law(
    population: Population, seed: int, key: Words, author: npt.NDArray[np.integer]
) -> npt.NDArray[np.bool_]:
    """Which posts break the law: some, by a coin about each, of those by risky authors, who are drawn once for all."""
    if population.unlawful == 0:
        return np.zeros(len(key), dtype=np.bool_)
    risky = chain_array(key_of(seed, Decision.UNLAWFUL), author).astype(np.int64) < threshold(population.risky)
    share = threshold(population.unlawful / population.risky)
    return risky & (chain_array(key, UNLAWFUL_DRAW).astype(np.int64) < share)
