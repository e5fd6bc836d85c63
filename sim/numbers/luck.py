"""Keyed luck: every draw is a hash of what it decides, never the next number of a stream.

A key is a chain (seed, decision, hour, who, about which post, ...). The same person therefore meets the same luck in
every arm of an experiment, whatever else happens in the world, and a run does not depend on the order of work.

Three forms compute the same 32 bits: plain Python integers (readable), arrays, and a compiled form for kernels.
The mixing function is a bijection of 32 bits made of two xor-shift-multiply rounds (constants of the "prospector"
search for low-bias hash functions, C. Wellons 2018).
"""

from collections.abc import Sequence
from enum import IntEnum

import numpy as np
import numpy.typing as npt
from numba import njit

MASK = 0xFFFFFFFF
GOLDEN = 0x9E3779B9  # 2^32 / golden ratio: spreads small integers over 32 bits

Words = npt.NDArray[np.uint32]


class Decision(IntEnum):
    """What a draw decides: the second coordinate of every key."""

    POPULATION = 1
    GRAPH = 2
    SESSION = 3
    SESSION_LENGTH = 4
    SESSION_SECOND = 5
    LANES = 6
    FOLLOWED = 7
    PAIR = 8
    POST = 9
    CONTENT = 10
    SHARE_WITH = 11
    LISTING = 12
    START_BLOCK = 13
    ACTOR = 14
    REVIEW = 15
    CLASSIFIER = 16
    ORDER = 17
    SWAY = 18
    MEET = 20
    SHUFFLE = 19
    DISCOUNT = 31
    FRICTION = 32
    OFF_FEED = 33
    AUDIT = 40
    INFILTRATE = 50
    RESHARE = 51
    UNLAWFUL = 52
    CIRCLE = 53
    GATHERING = 54
    NAMING = 55
    FASHION = 56
    HIDDEN = 60
    SILENCE = 61
    DELETION = 70
    REGULATOR = 71
    ELECTION = 80


class PairDraw(IntEnum):
    """Which decision about one (user, post) pair; a pair meets once, so no hour is needed."""

    CHOICE = 0
    LANE = 1
    WATCH = 2
    LIKE = 3
    COMMENT = 4
    SHARE = 5
    FOLLOW = 6
    REPORT = 7
    OPEN_COMMENTS = 8
    STIR = 9
    LOOK_UP = 10


def mix(word: int) -> int:
    """Scatter 32 bits over 32 bits (plain Python)."""
    word ^= word >> 16
    word = (word * 0x21F0AAAD) & MASK
    word ^= word >> 15
    word = (word * 0x735A2D97) & MASK
    return word ^ (word >> 15)


def chain(key: int, part: int) -> int:
    """Extend a key by one coordinate (plain Python)."""
    return mix(key ^ mix((part + GOLDEN) & MASK))


def key_of(*parts: int) -> int:
    """Key of a tuple of integers, each taken modulo 2^32."""
    key = 0
    for part in parts:
        key = chain(key, part & MASK)
    return key


def pair_key(user_key: int, post_key: int) -> int:
    """Luck of one user with one post."""
    return mix(user_key ^ post_key)


def draw(key: int, which: int) -> int:
    """The 32-bit draw number `which` of a key (plain Python)."""
    return mix((key + which * GOLDEN) & MASK)


def hidden(one: Words, other: Words) -> Words:
    """Keys that plug-ins see, of which no part can be told: each of two keys about the same thing hides the other.

    A single key is a bijection of its last coordinate: whoever knows the others' form could compute backwards to who wrote a post
    for what purpose. Two keys with different first coordinates leave nothing to compute backwards from.
    """
    return np.asarray(one ^ other, dtype=np.uint32)


def uniform(words: Words) -> npt.NDArray[np.float64]:
    """Uniform numbers strictly inside (0, 1): the middles of 2^32 equal cells."""
    return (words.astype(np.float64) + 0.5) / 4294967296.0


def threshold(probability: float) -> int:
    """A draw below this 64-bit bound happens with the given probability; 0 never, 1 always."""
    return min(max(int(probability * 4294967296.0), 0), 1 << 32)


@njit(inline="always")
def mix_compiled(word: np.uint32) -> np.uint32:
    """`mix` for kernels. Each step is cast back: numba widens 32-bit arithmetic to 64 bits."""
    word = np.uint32(word ^ (word >> np.uint32(16)))
    word = np.uint32(word * np.uint32(0x21F0AAAD))
    word = np.uint32(word ^ (word >> np.uint32(15)))
    word = np.uint32(word * np.uint32(0x735A2D97))
    return np.uint32(word ^ (word >> np.uint32(15)))


@njit(inline="always")
def chain_compiled(key: np.uint32, part: np.uint32) -> np.uint32:
    """`chain` for kernels."""
    return mix_compiled(np.uint32(key ^ mix_compiled(np.uint32(part + np.uint32(0x9E3779B9)))))


@njit(inline="always")
def draw_compiled(key: np.uint32, which: np.uint32) -> np.uint32:
    """`draw` for kernels."""
    return mix_compiled(np.uint32(key + np.uint32(which * np.uint32(0x9E3779B9))))


@njit(cache=True)
def _draws(keys, added, out):
    """Keys to which a number is added, mixed."""
    for place in range(len(out)):
        out[place] = mix_compiled(np.uint32(keys[place] + added))


@njit(cache=True)
def _chains(keys, parts, out):
    """Keys extended by one coordinate; where there is only one key, or one coordinate, it belongs to all."""
    if len(keys) == 1 != len(out):
        for place in range(len(out)):
            out[place] = chain_compiled(keys[0], parts[place])
    elif len(parts) == 1 != len(out):
        for place in range(len(out)):
            out[place] = chain_compiled(keys[place], parts[0])
    else:
        for place in range(len(out)):
            out[place] = chain_compiled(keys[place], parts[place])


def mix_array(words: Words) -> Words:
    """`mix` over an array of uint32."""
    out = np.empty(words.shape, dtype=np.uint32)
    _draws(words.ravel(), np.uint32(0), out.ravel())
    return out


def chain_array(keys: Words | int, parts: npt.NDArray[np.integer] | int) -> Words:
    """`chain` over arrays that are broadcast against each other: one of the two arguments, or both, is an array."""
    begun = np.asarray(keys, dtype=np.uint32)
    added = (parts if isinstance(parts, np.ndarray) else np.array([parts], dtype=np.int64)).astype(np.uint32)
    out = np.empty(np.broadcast(begun, added).shape, dtype=np.uint32)
    lines = [of if of.size in (1, out.size) else np.broadcast_to(of, out.shape) for of in (begun, added)]
    _chains(lines[0].ravel(), lines[1].ravel(), out.ravel())
    return out


def draw_array(keys: Words, which: int) -> Words:
    """`draw` over an array of keys."""
    out = np.empty(keys.shape, dtype=np.uint32)
    _draws(keys.ravel(), np.uint32((which * GOLDEN) & MASK), out.ravel())
    return out


def _chained(key: int, parts: Sequence[int | npt.NDArray[np.integer]]) -> Words:
    """A key extended by coordinates of which some are arrays."""
    keys: int | Words = key
    for part in parts:
        plain = isinstance(keys, int) and isinstance(part, int)
        keys = chain(int(keys), int(part) & MASK) if plain else chain_array(keys, part)
    return np.asarray(keys, dtype=np.uint32)


class Chance:
    """The luck handed to actors, policies and recommenders: draws keyed by (seed, decision, hour, ...)."""

    def __init__(self, seed: int, decision: Decision, hour: int, user_keys: Words | None = None) -> None:
        self._key = key_of(seed, decision, hour)
        self._lasting = key_of(seed, decision, MASK)
        self.user_keys = np.zeros(0, dtype=np.uint32) if user_keys is None else user_keys

    def word(self, *parts: int) -> int:
        """A 32-bit draw for this decision at this hour about `parts`."""
        key = self._key
        for part in parts:
            key = chain(key, part & MASK)
        return key

    def lasting(self, *parts: int) -> float:
        """A uniform number strictly inside (0, 1) that is the same in every hour."""
        key = self._lasting
        for part in parts:
            key = chain(key, part & MASK)
        return (key + 0.5) / 4294967296.0

    def words(self, *parts: int | npt.NDArray[np.integer]) -> Words:
        """`word` about arrays of things, which are broadcast against one another."""
        return _chained(self._key, parts)

    def lasting_of(self, *parts: int | npt.NDArray[np.integer]) -> npt.NDArray[np.float64]:
        """`lasting` about arrays of things, which are broadcast against one another."""
        return uniform(_chained(self._lasting, parts))

    def happen(self, probability: float, *parts: int | npt.NDArray[np.integer]) -> npt.NDArray[np.bool_]:
        """`happens` about arrays of things, which are broadcast against one another."""
        return self.words(*parts).astype(np.int64) < threshold(probability)

    def uniform(self, *parts: int) -> float:
        """A uniform number strictly inside (0, 1)."""
        return (self.word(*parts) + 0.5) / 4294967296.0

    def happens(self, probability: float, *parts: int) -> bool:
        """Whether an event of this probability happens."""
        return self.word(*parts) < threshold(probability)
