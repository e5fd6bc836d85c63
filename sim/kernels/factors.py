"""Biased matrix factorisation by stochastic gradient, one rating after the other."""

import numpy as np
from numba import njit


@njit(inline="always")
def _within(value, most):
    """A number within bounds on both sides."""
    return min(max(value, -most), most)


@njit(cache=True)
def descend(
    account, row, rating, mean, account_bias, account_vector, account_ratings, post_bias, post_vector, post_ratings,
    prior, least, rate, keep_bias, keep_vector, most,
):  # fmt: skip
    """Move biases and vectors by each rating in turn: rating = mean + biases of both + product of both vectors + error.

    account, row, rating: of each event, in the order in which they count. Biases (accounts), (live posts), vectors
    (.., dimensions): float32, moved in float64. A bias moves by 1 / (prior + ratings so far) of the error, at least by
    `least`, so that it begins as a mean; vectors move by `rate` and stay within +-most. keep_bias, keep_vector: weights of
    the penalty on squares, each time. Returns the sum of squared errors before each move.
    """
    squares = 0.0
    for event in range(len(account)):
        user, post = account[event], row[event]
        believed = mean + np.float64(account_bias[user]) + np.float64(post_bias[post])
        for axis in range(account_vector.shape[1]):
            believed += np.float64(account_vector[user, axis]) * np.float64(post_vector[post, axis])
        error = rating[event] - believed
        squares += error * error
        step = max(least, 1.0 / (prior + account_ratings[user]))
        account_bias[user] += step * (error - keep_bias * np.float64(account_bias[user]))
        step = max(least, 1.0 / (prior + post_ratings[post]))
        post_bias[post] += step * (error - keep_bias * np.float64(post_bias[post]))
        account_ratings[user] += 1
        post_ratings[post] += 1
        for axis in range(account_vector.shape[1]):
            mine, its = np.float64(account_vector[user, axis]), np.float64(post_vector[post, axis])
            account_vector[user, axis] = _within(mine + rate * (error * its - keep_vector * mine), most)
            post_vector[post, axis] = _within(its + rate * (error * mine - keep_vector * its), most)
    return squares
