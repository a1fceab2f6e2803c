"""Cohen's kappa, with an interval by resampling. Pure.

Rows are resampled, not pairs: what several people say of one reply hangs together.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from coach.assessment import Verdict
from coach.calibration import Kappa

DRAWS = 2_000
KINDS = {verdict: place for place, verdict in enumerate(Verdict)}

#: Two verdicts on the same reply: the coach's or a person's, and another person's.
Pair = tuple[Verdict, Verdict]


def kappa_of(pairs_by_row: Mapping[str, Sequence[Pair]], seed: int = 7) -> Kappa | None:
    """Over all pairs; None without any. The same seed gives the same interval."""
    tables = np.array([_table(pairs) for pairs in pairs_by_row.values() if pairs], dtype=np.float64)
    if not len(tables):
        return None
    whole = tables.sum(axis=0)
    draws = np.random.default_rng(seed).multinomial(
        len(tables), np.full(len(tables), 1 / len(tables)), size=DRAWS
    )
    found = _kappas(np.tensordot(draws.astype(np.float64), tables, axes=1))
    found = found[np.isfinite(found)]
    value = float(_kappas(whole[None])[0])
    known = np.isfinite(value)
    return Kappa(
        n=int(whole.sum()),
        rows=len(tables),
        same=float(np.trace(whole) / whole.sum()),
        value=value if known else None,
        low=float(np.quantile(found, 0.025)) if known and len(found) else None,
        high=float(np.quantile(found, 0.975)) if known and len(found) else None,
    )


def _table(pairs: Sequence[Pair]) -> NDArray[np.float64]:
    table = np.zeros((len(KINDS), len(KINDS)))
    for one, other in pairs:
        table[KINDS[one], KINDS[other]] += 1
    return table


def _kappas(tables: NDArray[np.float64]) -> NDArray[np.float64]:
    """Of each table, people in the columns; NaN where they only ever say one thing."""
    total = tables.sum(axis=(1, 2))
    same = np.trace(tables, axis1=1, axis2=2) / total
    chance = (tables.sum(axis=1) * tables.sum(axis=2)).sum(axis=1) / total**2
    varied = (tables.sum(axis=1) > 0).sum(axis=1) > 1
    with np.errstate(divide="ignore", invalid="ignore"):
        found: NDArray[np.float64] = np.where(varied, (same - chance) / (1 - chance), np.nan)
    return found
