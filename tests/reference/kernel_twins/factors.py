"""Biased matrix factorisation, in plain Python."""

import numpy as np


def descend(
    account, row, rating, mean, account_bias, account_vector, account_ratings, post_bias, post_vector, post_ratings,
    prior, least, rate, keep_bias, keep_vector, most,
):  # fmt: skip
    """The gradient of one squared error after the other."""
    squares = 0.0
    for user, post, given in zip(account.tolist(), row.tolist(), rating.tolist(), strict=True):
        mine, its = account_vector[user].tolist(), post_vector[post].tolist()
        believed = mean + float(account_bias[user]) + float(post_bias[post])
        for one, other in zip(mine, its, strict=True):
            believed += one * other
        error = given - believed
        squares += error * error
        for bias, ratings, which in ((account_bias, account_ratings, user), (post_bias, post_ratings, post)):
            old, step = float(bias[which]), max(least, 1.0 / (prior + int(ratings[which])))
            bias[which] = old + step * (error - keep_bias * old)
            ratings[which] += 1
        account_vector[user] = [
            min(max(one + rate * (error * other - keep_vector * one), -most), most)
            for one, other in zip(mine, its, strict=True)
        ]
        post_vector[post] = [
            min(max(other + rate * (error * one - keep_vector * other), -most), most)
            for one, other in zip(mine, its, strict=True)
        ]
    return squares


# --- inputs -------------------------------------------------------------------------------------------------------


def inputs_of_descend(chance):
    """Two hours each; vectors of one axis and of several, some of them at their bounds; no event; one account alone."""
    for accounts, posts, events, axes in ((1, 1, 0, 1), (1, 2, 40, 3), (30, 50, 400, 1), (30, 20, 400, 10)):
        state = [
            array
            for size in (accounts, posts)
            for array in (
                chance.normal(0, 0.1, size).astype(np.float32), chance.normal(0, 0.4, (size, axes)).astype(np.float32),
                chance.integers(0, 300, size, dtype=np.int32),
            )
        ]  # fmt: skip
        for _ in range(2):
            yield (
                chance.integers(0, accounts, events, dtype=np.int32), chance.integers(0, posts, events),
                chance.choice([0.0, 0.5, 1.0], events), 0.3, *state, 20.0, 0.005, 0.2, 0.02, 0.002, 0.5,
            )  # fmt: skip
