"""The training of the nets that ``coach/claims/inference/network.py`` runs, in jax."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Self

import jax
import jax.numpy as jnp
import numpy as np
import optax

from coach.claims.inference.network import FACTUAL, LEAST, STATED
from coach.claims.inference.reading import COMPARED

if TYPE_CHECKING:
    from tests.evals.inference.train import Bag

HIDDEN, COMPARING = 64, 64
BATCH, RATE, DECAY, FASTEST = 32, 0.2, 0.05, 2e-3
CERTAIN = 0.95  # of a label; the rest goes to the other columns
Nets = dict[str, Any]


class Bags(dict[str, np.ndarray]):
    """All sentences with their facts as arrays of one size: states, masks, signals, columns."""

    @classmethod
    def of(
        cls, bags: Sequence[Bag], states: Mapping[str, np.ndarray], mean: Any, spread: Any
    ) -> Self:
        size, wide = len(bags), next(iter(states.values())).shape[1]
        made = cls(
            said=np.zeros((size, STATED, wide), np.float32),
            said_is=np.zeros((size, STATED), np.float32),
            fact=np.zeros((size, COMPARED, FACTUAL, wide), np.float32),
            fact_is=np.zeros((size, COMPARED, FACTUAL), np.float32),
            signals=np.zeros((size, COMPARED, len(mean)), np.float32),
            there=np.zeros((size, COMPARED), np.float32),
            column=np.array([bag.column for bag in bags]),
        )
        for row, bag in enumerate(bags):
            made._fill("said", (row,), states[bag.said][:STATED])
            for place, text in enumerate(bag.facts):
                made._fill("fact", (row, place), states[text][:FACTUAL])
                made["signals"][row, place] = (bag.signals[place] - mean) / spread
                made["there"][row, place] = 1
        return made

    def _fill(self, name: str, place: tuple[int, ...], states: np.ndarray) -> None:
        self[name][place][: len(states)] = states
        self[f"{name}_is"][place][: len(states)] = 1


def learn(bags: Bags, seed: int, epochs: int) -> Nets:
    """The weights after ``epochs`` over all of ``bags``."""
    size = len(bags["column"])
    steps = size // BATCH
    net = _begin(jax.random.PRNGKey(seed), bags["said"].shape[-1], bags["signals"].shape[-1])
    rate = optax.warmup_cosine_decay_schedule(0, FASTEST, epochs * steps // 10, epochs * steps)
    how = optax.chain(optax.clip_by_global_norm(1.0), optax.adamw(rate, weight_decay=DECAY))
    state = how.init(net)

    @jax.jit
    def step(net: Nets, state: Any, batch: Mapping[str, Any], key: Any) -> tuple[Nets, Any, Any]:
        loss, slopes = jax.value_and_grad(_loss)(net, batch, key)
        change, state = how.update(slopes, state, net)
        return optax.apply_updates(net, change), state, loss

    draw, key = np.random.default_rng(seed), jax.random.PRNGKey(seed + 1)
    for epoch in range(epochs):
        order, losses = draw.permutation(size), []
        for start in range(0, steps * BATCH, BATCH):
            key, own = jax.random.split(key)
            places = order[start : start + BATCH]
            batch = {name: values[places] for name, values in bags.items()}
            net, state, loss = step(net, state, batch, own)
            losses.append(float(loss))
        print(f"run {seed}, epoch {epoch + 1}: loss {np.mean(losses):.3f}", flush=True)
    return net


def _begin(key: Any, wide: int, signals: int) -> Nets:
    keys = iter(jax.random.split(key, 8))

    def matrix(rows: int, columns: int) -> Any:
        return jax.random.normal(next(keys), (rows, columns)) / np.sqrt(rows)

    compared = 4 * HIDDEN + 1
    return {
        "P": matrix(wide, HIDDEN), "pb": jnp.zeros(HIDDEN), "Q": matrix(HIDDEN, HIDDEN),
        "cw": jnp.array(4.5), "imp": matrix(HIDDEN, 1)[:, 0] / 10,
        "C1": matrix(compared, COMPARING), "c1": jnp.zeros(COMPARING),
        "F1": matrix(compared, COMPARING), "f1": jnp.zeros(COMPARING),
        "O1": matrix(4 * COMPARING + signals, COMPARING), "o1": jnp.zeros(COMPARING),
        "O2": matrix(COMPARING, 4) * 0.3, "o2": jnp.zeros(4),
    }  # fmt: skip


def _loss(net: Nets, batch: Mapping[str, Any], key: Any) -> Any:
    scores = _scores(net, batch, jax.random.split(key, 7))
    over = jnp.where(batch["there"][..., None] > 0, scores[..., :3] - scores[..., 3:], -1e9)
    told = jax.nn.logsumexp(over, 1)
    likely = jax.nn.log_softmax(jnp.concatenate([told, jnp.zeros((len(told), 1))], -1))
    label = jax.nn.one_hot(batch["column"], 4) * CERTAIN + (1 - CERTAIN) / 4
    return -(likely * label).sum(-1).mean()


def _scores(net: Nets, batch: Mapping[str, Any], keys: Any) -> Any:
    """As ``network.scores``, over many at once and with a part of the inputs left out."""
    drop = iter(keys)
    said, fact = batch["said"], batch["fact"]
    said_is, fact_is = batch["said_is"][:, None], batch["fact_is"]
    alike = jax.lax.stop_gradient(jnp.einsum("bid,bkjd->bkij", _unit(said), _unit(fact)))
    ours = jax.nn.gelu(_dropped(said[:, None], next(drop))[:, 0] @ net["P"] / 2 + net["pb"])
    theirs = jax.nn.gelu(_dropped(fact, next(drop)) @ net["P"] / 2 + net["pb"])
    attention = jnp.einsum("bid,bkjd->bkij", ours @ net["Q"], theirs) / np.sqrt(HIDDEN)
    attention += alike * net["cw"]
    to_fact = jax.nn.softmax(jnp.where(fact_is[..., None, :] > 0, attention, -1e9), -1)
    to_said = jax.nn.softmax(jnp.where(said_is[..., None] > 0, attention, -1e9), -2)
    of_fact = jnp.einsum("bkij,bkjd->bkid", to_fact, theirs)
    of_said = jnp.einsum("bkij,bid->bkjd", to_said, ours)
    ours = jnp.broadcast_to(ours[:, None], of_fact.shape)
    near_said = jnp.where(fact_is[..., None, :] > 0, alike, -1).max(-1)
    near_fact = jnp.where(said_is[..., None] > 0, alike, -1).max(-2)
    pooled = [
        *_side(net, "C1", ours, of_fact, near_said, said_is, next(drop)),
        *_side(net, "F1", theirs, of_said, near_fact, fact_is, next(drop)),
        _dropped(batch["signals"], next(drop)),
    ]
    hidden = _dropped(jnp.concatenate(pooled, -1), next(drop))
    hidden = jax.nn.gelu(hidden @ net["O1"] + net["o1"])
    return _dropped(hidden, next(drop)) @ net["O2"] + net["o2"]


def _side(
    net: Nets, matrix: str, own: Any, other: Any, alike: Any, real: Any, key: Any
) -> tuple[Any, Any]:
    both = [own, other, own * other, jnp.abs(own - other), alike[..., None]]
    compared = _dropped(jnp.concatenate(both, -1), key) @ net[matrix] + net[matrix.lower()]
    compared = jax.nn.gelu(compared)
    share = jax.nn.softmax(jnp.where(real > 0, own @ net["imp"], -1e9), -1)[..., None]
    most = jnp.where(real[..., None] > 0, compared, -1e3).max(-2)
    return (share * compared).sum(-2), jnp.maximum(most, LEAST)


def _dropped(values: Any, key: Any) -> Any:
    """The same columns are left out of all tokens of a text."""
    shape = values.shape if values.ndim < 4 else (*values.shape[:2], 1, values.shape[-1])
    return values * jax.random.bernoulli(key, 1 - RATE, shape) / (1 - RATE)


def _unit(states: Any) -> Any:
    return states / (jnp.linalg.norm(states, axis=-1, keepdims=True) + 1e-6)
