"""Every compiled kernel agrees with its plain twin exactly, on small random worlds and at the edges."""

import ast
import inspect
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest

from sim.kernels.columns import Lists
from tests.reference.kernel_twins.random_worlds import posts_of, users_of, weights_of
from tests.reference.kernel_twins.reactions import CARRIED, OPENED, mood_of

KERNELS, TWINS = "sim.kernels", "tests.reference.kernel_twins"
INPUTS = "inputs_of_"  # name of the generator of a twin's inputs, before the name of the twin
TRIAL_LANE = 2


def cached_functions() -> list[str]:
    """Every function of the kernels that is compiled with cache=True, as module.function."""
    found = []
    for path in sorted(Path(import_module(KERNELS).__file__).parent.glob("*.py")):
        for function in ast.walk(ast.parse(path.read_text())):
            if isinstance(function, ast.FunctionDef):
                keywords = [
                    word for call in function.decorator_list if isinstance(call, ast.Call) for word in call.keywords
                ]
                if any(word.arg == "cache" and ast.literal_eval(word.value) for word in keywords):
                    found.append(f"{path.stem}.{function.name}")
    return found


def twins() -> list[str]:
    """Every twin that has inputs, as module.function."""
    stems = sorted(path.stem for path in Path(import_module(TWINS).__file__).parent.glob("*.py"))
    return [
        f"{stem}.{name.removeprefix(INPUTS)}"
        for stem in stems
        if stem != "__init__"
        for name in vars(import_module(f"{TWINS}.{stem}"))
        if name.startswith(INPUTS)
    ]


def kernel(name: str):
    """A kernel by its name, module.function."""
    module, function = name.split(".")
    return getattr(import_module(f"{KERNELS}.{module}"), function)


def readable(arguments: dict, returned) -> dict:
    """What a caller may read of a kernel's arguments: the rest is room that it may use as it likes."""
    seen = dict(arguments)
    for name, value in arguments.items():
        if isinstance(value, Lists):  # listings up to the length of each list
            place = np.arange(value.numbers.shape[1])
            listed = place < value.lengths[:, None]
            seen[name] = Lists(
                value.numbers * listed, value.seen * listed[:, None, :], value.shown * listed, value.lengths
            )
    if "tally_row" in arguments:  # entries with a view
        for name in ("tally_row", "tally_watched"):
            seen[name] = arguments[name] * (arguments["tally_views"] > 0)
    if isinstance(returned, int):  # as many as there are
        for name in {"who", "keys", "rows", "slots", "pace", "trial"} & set(arguments):
            seen[name] = arguments[name][:returned]
        if "share" in arguments:  # of a table that has closed its ranks
            for name in ("staged", "share", "standing"):
                seen[name] = arguments[name][..., :returned]
    return seen


def differences(kernels, twins, path: str = "") -> list[str]:
    """Where two values are not the same to the last bit."""
    if isinstance(kernels, tuple):
        names = getattr(kernels, "_fields", range(len(kernels)))
        pairs = zip(names, kernels, twins, strict=True)
        return [place for name, one, other in pairs for place in differences(one, other, f"{path}.{name}")]
    if isinstance(kernels, dict):
        return [place for name in kernels for place in differences(kernels[name], twins[name], f"{path}.{name}")]
    same = np.array_equal(kernels, twins) and np.asarray(kernels).dtype == np.asarray(twins).dtype
    return [] if same else [path]


@pytest.mark.parametrize("name", twins())
def test_kernel_agrees_with_its_twin(name: str) -> None:
    module, function = name.split(".")
    plain = import_module(f"{TWINS}.{module}")
    twin, inputs, compiled = getattr(plain, function), getattr(plain, INPUTS + function), kernel(name)
    names = list(inspect.signature(twin).parameters)
    assert names == list(inspect.signature(compiled.py_func).parameters)
    calls = zip(inputs(np.random.default_rng(11)), inputs(np.random.default_rng(11)), strict=True)
    for number, (ones, others) in enumerate(calls):
        returned, expected = compiled(*ones), twin(*others)
        one, other = dict(zip(names, ones, strict=True)), dict(zip(names, others, strict=True))
        assert (number, differences(returned, expected)) == (number, [])
        assert (number, differences(readable(one, returned), readable(other, expected))) == (number, [])


def test_every_kernel_has_a_twin() -> None:
    """A function with cache=True in sim/kernels/x.py has one of the same name, and inputs, in kernel_twins/x.py.

    Those of coaction are steps of one count, which has its slow twin in tests/unit/test_detect.py; those of graph are steps
    of one graph, which has its own in slow_graph.py.
    """
    cached = [name for name in cached_functions() if not name.startswith(("coaction.", "graph."))]
    assert {"activity.active", "serving.serve", "shortlists.renew"} <= set(cached)
    assert set(cached) <= set(twins())


def test_reactions_at_once_are_reactions_one_by_one() -> None:
    """The form for vector instructions says the same as the form for single posts, but for the comments."""
    chance = np.random.default_rng(12)
    posts, size = posts_of(chance, 90, 10, 5, 0, 9), 90
    people, weights, appeal = (
        users_of(chance, 5, posts, 9),
        weights_of(chance),
        chance.integers(-600, 601, 4, dtype=np.int32),
    )
    fondness = np.where(posts.candidate >= 0, appeal[posts.candidate], 0)
    fondness += np.where((posts.disclosed > 0) | (posts.status & 4 > 0), weights.marked, 0)
    quality = (weights.quality_on_watch, weights.quality_on_like, weights.quality_on_share)
    watch, like, share = (((posts.felt * weight >> 10) + fondness).astype(np.int32) for weight in quality)
    for user in range(5):
        one_by_one, at_once = np.zeros(size, dtype=np.uint8), np.zeros(128, dtype=np.int64)
        kernel("reactions.react")(
            np.array([user], np.int32), np.array([0]), np.array([size], np.int32), np.arange(size, dtype=np.int32),
            np.full(size, TRIAL_LANE, np.uint8), people.key, people.interest, people.expressive, posts.key, posts.topic,
            posts.felt, posts.likes, posts.candidate, posts.disclosed, posts.status, posts.spoken_of, appeal, weights,
            one_by_one,
        )  # fmt: skip
        cosines = posts.topic.astype(int) @ people.interest[user].astype(int)
        mood = [mood_of(int(x), int(n), weights) for x, n in zip(cosines, posts.likes, strict=True)]
        kernel("reactions.reactions")(
            size, posts.key ^ people.key[user], np.array(mood, dtype=np.int32), watch + np.int32(weights.watch), like,
            share + np.int32(weights.share), int(people.expressive[user]), weights, at_once,
        )  # fmt: skip
        assert (one_by_one & ~np.uint8(OPENED | CARRIED)).tolist() == at_once[:size].tolist()
