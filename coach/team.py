"""What belongs to a team rather than to one session: goals, shared answers, exports, webhooks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from coach.answers.desk import AnswerDesk
from coach.exports.hooks import Hooks
from coach.exports.practised import Exports
from coach.indicators.board import Board

if TYPE_CHECKING:
    from coach.answers.answer import AnswerStore
    from coach.authoring.shelf import Shelf
    from coach.claims import ClaimChecker
    from coach.exports.webhook import HookStore
    from coach.gauges import Tallies
    from coach.indicators.goal import GoalStore
    from coach.jobs import Background
    from coach.ports import Clock, Embedder, Store
    from coach.workshops.keeping import WorkshopStore


@dataclass(frozen=True)
class TeamStores:
    """Where it is kept; ``address`` is how exports name this coach, ``tallies`` serve metrics."""

    goals: GoalStore
    answers: AnswerStore
    hooks: HookStore
    background: Background
    address: str | None = None
    tallies: Tallies | None = None
    workshops: WorkshopStore | None = None


class Team:
    """Until there are accounts, a team is a tenant."""

    def __init__(
        self,
        stores: TeamStores,
        store: Store,
        shelf: Shelf,
        checker: ClaimChecker,
        embedder: Embedder,
        clock: Clock,
    ) -> None:
        self.goals = Board(stores.goals, shelf, clock)
        self.answers = AnswerDesk(stores.answers, store, shelf, checker, embedder, clock)
        self.exports = Exports(store, shelf, stores.address)
        self.hooks = Hooks(stores.hooks, stores.background, store, shelf, clock)

    def start(self) -> None:
        """Tells webhooks, those of every tenant's."""
        self.hooks.start()
