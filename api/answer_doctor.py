"""What ``coach doctor`` says of the answers that models gave."""

from __future__ import annotations

from collections import Counter

from api.finding import Finding, Verdict
from coach.settings import Settings

LATEST = 100  # sessions over which the models' answers are counted


def answers(settings: Settings) -> Finding:
    """How often the checks threw a model's answer away, and why."""
    from coach.store import open_store  # noqa: PLC0415  # sqlalchemy is slow to load

    store = open_store(settings.database)
    try:
        done = store.work.done(LATEST)
    finally:
        store.close()
    if not done.asked and not done.judged:
        return Finding("model's answers", Verdict.OK, "no model was asked in a session lately")
    replaced = done.replaced.total()
    says = (
        f"in the last {LATEST} sessions {done.asked:,} of {done.turns:,} turns were put to a model,"
        f" {done.anew:,} worded anew, {replaced:,} replaced{_counts(done.replaced)}; answers thrown"
        f" away: {done.faults.total():,}{_counts(done.faults)}; {done.judged:,} judged by a model,"
        f" {done.unjudged.total():,} of them left to the embedded judge; {done.tokens:,} tokens"
    )
    often = replaced * 5 > done.asked
    todo = "one turn in five or more is replaced: another model would serve you better"
    verdict = Verdict.MISSING if often else Verdict.OK
    return Finding("model's answers", verdict, says, todo if often else "")


def _counts(found: Counter[str]) -> str:
    """ " (role_flip 3, leak 1)", the most frequent first."""
    told = ", ".join(f"{name} {count:,}" for name, count in found.most_common())
    return f" ({told})" if told else ""
