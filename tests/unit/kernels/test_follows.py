"""Who may be followed, from a few words of bits, and who is."""

import numpy as np

from sim.kernels.follows import WORDS, does_follow, may_be_among, set_followed


def test_no_followed_author_is_missed_and_few_others_are_looked_up() -> None:
    chance = np.random.default_rng(5)
    following = chance.choice(10_000, 30, replace=False).astype(np.int32)
    start, nobody_else = (
        np.array([0, 30]),
        np.array([1], dtype=np.int32),
    )  # one more followed since: the second of `added`
    added, before = np.array([0, 4_321], dtype=np.int32), np.array([-1, -1], dtype=np.int32)
    follows, words = (start, following, nobody_else, added, before), np.zeros(WORDS, dtype=np.uint64)
    set_followed(0, *follows, words)
    followed = {*following.tolist(), 4_321}
    flagged = {author for author in range(10_000) if may_be_among(words, author)}
    assert followed <= flagged
    assert 0.02 < len(flagged - followed) / 10_000 < 0.1  # 1 - (1 - 1/512)^31 = .06
    assert {author for author in flagged if does_follow(0, author, *follows)} == followed
