"""Holds fixed talks with buyers of fixed seeds through the service, and prints all of it as JSON.

``python -m tests.retold HOME`` with the home of an index of its own. Two runs print the same.
"""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

from coach.scenario import Difficulty
from coach.scenario_book import load_scenarios
from coach.service import CoachService
from coach.session import LOCAL, Status
from knowledge.indexing.index import KnowledgeIndex
from knowledge.searching.retrieval import HybridRetriever
from knowledge.vectors.embedding import MiniLMEmbedder
from tests.fakes import FixedClock, MemoryStore

TALKS = (
    (
        "interest",
        2,
        Difficulty.NORMAL,
        (
            "I can see why that hurts. What happens on a Monday when the lines open?",
            "Nordhavn Clinics went from missing 18% of patient calls to 6% in four months.",
            "Our customers lose 97% fewer calls.",
            "It's in our case study on Nordhavn Clinics.",
        ),
    ),
    (
        "trust-true-rumour",
        7,
        Difficulty.HARD,
        (
            "Yes, that is true, it happened, and it was our fault. What would it have meant?",
            "I'll send you the audit report by Friday.",
        ),
    ),
)


async def retell(service: CoachService) -> list[Any]:
    """Every turn of every talk: what was said, done, felt, decided and judged."""
    told = []
    for scenario, seed, difficulty, said in TALKS:
        session = await service.start(LOCAL, scenario, seed=seed, difficulty=difficulty)
        for text in said:
            if (await service.session(LOCAL, session.id)).status is Status.ACTIVE:
                async for _ in await service.take_turn(LOCAL, session.id, text):
                    pass
        whole = await service.session(LOCAL, session.id)
        told.append(
            [
                {
                    "text": turn.text,
                    "act": turn.act,
                    "reason": turn.reason,
                    "state": turn.state and turn.state.as_record(),
                    "tip": turn.assessment and turn.assessment.tip,
                }
                for turn in whole.turns
            ]
        )
    await service.close()
    return told


def main(home: Path) -> None:
    embedder = MiniLMEmbedder()
    index = KnowledgeIndex(home / "index", embedder)
    service = CoachService(
        scenarios=load_scenarios(),
        store=MemoryStore(),
        retriever=HybridRetriever(index, embedder),
        embedder=embedder,
        clock=FixedClock(),
    )
    print(json.dumps(asyncio.run(retell(service)), sort_keys=True))
    index.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
