"""A small trained net that reads a statement and a fact together, in plain numpy.

Both are given as states of their tokens. Each token of one is laid beside what it is most like in
the other, and compared; what comes of all tokens, with the signals of the rules, gives four scores.
(Decomposable attention: Parikh et al., 2016.) Trained by ``tests/evals/inference/train.py``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from io import BytesIO
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating[Any]]
Weights = Mapping[str, Array]
#: Tokens of a statement and of a fact that are read; and how far "nothing like it" counts.
STATED, FACTUAL = 28, 40
LEAST = -5.0


@cache
def nets() -> tuple[Weights, ...]:
    """What was learnt, as the package has it: half precision, widened; one per run of training."""
    with np.load(BytesIO(files(__package__).joinpath("weights.npz").read_bytes())) as held:
        known = {name: held[name].astype(np.float32) for name in held.files}
    shared = {name: value for name, value in known.items() if "." not in name}
    runs = sorted({name.split(".")[0] for name in known if "." in name})
    return tuple(
        shared | {name.split(".")[1]: v for name, v in known.items() if name.startswith(f"{run}.")}
        for run in runs
    )


def reduced(states: Array) -> Array:
    """The states of a text's tokens in the main directions of such states."""
    learnt = nets()[0]
    projected: Array = (states[: max(STATED, FACTUAL)] - learnt["mean"]) @ learnt["directions"]
    return projected


def scores(stated: Array, facts: Sequence[Array], signals: Array, learnt: Weights) -> Array:
    """One row per fact: how much it says the same, the opposite, less, or nothing of it.

    ``stated`` and each of ``facts`` are reduced states, tokens by directions; ``signals`` one row
    per fact.
    """
    stated = stated[:STATED]
    said = _hidden(stated, learnt)
    ordered = (signals - learnt["signal_mean"]) / learnt["signal_spread"]
    rows = [
        np.concatenate([_beside(stated, said, fact[:FACTUAL], learnt), signal])
        for fact, signal in zip(facts, ordered, strict=True)
    ]
    hidden = _gelu(np.stack(rows) @ learnt["O1"] + learnt["o1"])
    found: Array = hidden @ learnt["O2"] + learnt["o2"]
    return found


def _beside(stated: Array, said: Array, fact: Array, learnt: Weights) -> Array:
    """What the tokens of both say when each is laid beside the other text."""
    there = _hidden(fact, learnt)
    alike = _cosines(stated, fact)
    attention = (said @ learnt["Q"]) @ there.T / np.sqrt(said.shape[1]) + alike * learnt["cw"]
    of_fact = _softmax(attention) @ there
    of_said = _softmax(attention.T) @ said
    ours = _compared(said, of_fact, alike.max(axis=1), learnt["C1"], learnt["c1"])
    theirs = _compared(there, of_said, alike.max(axis=0), learnt["F1"], learnt["f1"])
    return np.concatenate(
        [*_pooled(ours, said @ learnt["imp"]), *_pooled(theirs, there @ learnt["imp"])]
    )


def _hidden(states: Array, learnt: Weights) -> Array:
    return _gelu(states @ learnt["P"] / 2 + learnt["pb"])


def _compared(own: Array, other: Array, alike: Array, matrix: Array, bias: Array) -> Array:
    both = np.concatenate([own, other, own * other, np.abs(own - other), alike[:, None]], axis=1)
    return _gelu(both @ matrix + bias)


def _pooled(tokens: Array, importance: Array) -> tuple[Array, Array]:
    return _softmax(importance[None])[0] @ tokens, np.maximum(tokens.max(axis=0), LEAST)


def _cosines(some: Array, others: Array) -> Array:
    cosines: Array = _unit(some) @ _unit(others).T
    return cosines


def _unit(rows: Array) -> Array:
    unit: Array = rows / (np.linalg.norm(rows, axis=-1, keepdims=True) + 1e-6)
    return unit


def _softmax(rows: Array) -> Array:
    raised = np.exp(rows - rows.max(axis=-1, keepdims=True))
    shares: Array = raised / raised.sum(axis=-1, keepdims=True)
    return shares


def _gelu(x: Array) -> Array:
    inner = x * x  # the power of numpy takes ten times as long
    inner *= 0.044715 * 0.7978845608
    inner += 0.7978845608
    inner *= x
    curved: Array = np.tanh(inner)
    curved += 1
    curved *= 0.5 * x
    return curved
