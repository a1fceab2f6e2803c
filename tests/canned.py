"""One of each thing of the domain, for tests that need their shape and not their meaning."""

from __future__ import annotations

from datetime import UTC, date, datetime

from coach.assessment import Assessment, Check, Verdict
from coach.claims import Citation, Claim, ClaimStatus
from coach.scenario import Scenario
from coach.suggestion import CitedClaim, Style, Suggestion
from knowledge.evidence import Advantage, Evidence, Kind, Truth, Visibility

AT = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
QUOTE = "Nordhavn Clinics cut missed calls from 18% to 6%."
SECRET = "The hidden card: she fears for her job."

ITEM = Evidence(
    id="case/nordhavn 1",
    kind=Kind.CASE_STUDY,
    title="Nordhavn Clinics",
    text=f"It took four months. {QUOTE} Nobody left.",
    sector="healthcare",
    region="Nordics",
    customer="Nordhavn Clinics",
    source="Customer interview",
    as_of=date(2024, 5, 14),
    valid_until=date(2025, 5, 14),
)
RUMOUR = Evidence(
    id="rumour-outage",
    kind=Kind.RUMOUR,
    title="The outage",
    text="In 2023 there was an outage of nine hours.",
    truth=Truth.TRUE,
    position="Own it, say what changed.",
    source="Status page",
)
FACTS = tuple(
    Evidence(
        id=f"osterwave-{criterion}",
        kind=Kind.COMPETITIVE_FACT,
        title=f"Osterwave: {criterion}",
        text=f"{ours} {theirs}",
        us=ours,
        them=theirs,
        competitor="Oster & <Wave>",
        criterion=criterion,
        advantage=advantage,
        source="https://osterwave.example/|terms",
        as_of=date(2026, 9, 1),
        valid_until=valid_until,
        visibility=Visibility(visibility),
    )
    for criterion, ours, theirs, advantage, valid_until, visibility in (
        ("price", "We cost 11.50 EUR.", "They cost 6.90 EUR.", Advantage.THEM, None, "public"),
        ("<b>API</b>", "We | have one.", "They *don't*.", Advantage.US, None, "public"),
        ("offer", "We had none.", "They had one.", Advantage.THEM, date(2026, 10, 1), "public"),
        ("discounts", "We give none.", "Secretly 20%.", Advantage.UNSTATED, None, "internal"),
    )
)
SPAN = (ITEM.text.index(QUOTE), ITEM.text.index(QUOTE) + len(QUOTE))

SCENARIO = Scenario.model_validate(
    {
        "id": "trust-unknown",
        "kind": "tactical",
        "title": "Who are you?",
        "summary": "They never heard of us.",
        "guide_section": "Trust",
        "goal": "Earn a pilot.",
        "objection": "unknown",
        "vendor": "Corvane",
        "personas": [
            {
                "id": name.lower(),
                "name": name,
                "role": "COO",
                "organisation": "Fjellheim",
                "sector": "healthcare",
                "region": "Nordics",
                "size": 640,
                "temperament": "warm",
                "manner": "Short sentences.",
            }
            for name in ("Ingrid", "Tobias")
        ],
        "opening": ["{competitor} is better.", "I am {name}. Who is {vendor}?", "Hm, {vendor}?"],
        "concerns": [
            {
                "id": "references",
                "card": SECRET,
                "topic": "references",
                "needs": [{"id": "proof", "about": ["We have references."], "ask": ["a?", "b?"]}],
                **{part: ["1", "2", "3"] for part in ("say", "explain", "doubt", "accept")},
            }
        ],
        "next_step": {"label": "a pilot", "accept": ["1", "2", "3"], "decline": ["1", "2", "3"]},
        "rubric": [
            {"id": f"r{n}", "question": f"Question {n}?", "why_yes": "y", "why_no": "n", "tip": "t"}
            for n in range(3)
        ],
    }
)


def claim_of(text: str) -> Claim:
    return Claim(
        text=text,
        span=(0, len(text)),
        status=ClaimStatus.SUPPORTED,
        evidence=(Citation(ITEM.id, QUOTE, SPAN),),
        note="So it says.",
    )


def assessment_of(text: str) -> Assessment:
    check = Check("r0", "Question 0?", Verdict.YES, text[:4], (0, len(text[:4])), "It is there.")
    return Assessment(True, ("ask",), (check,), (claim_of(text),), "Ask one more question.")


SUGGESTION = Suggestion(
    Style.CONCISE, QUOTE, (CitedClaim(QUOTE, ITEM.id, QUOTE, SPAN),), "When?", "A call"
)
