"""One of each thing of the domain, for tests that need their shape and not their meaning."""

from __future__ import annotations

from datetime import UTC, date, datetime

from coach.assessment import Assessment, Check, Verdict
from coach.claims import Citation, Claim, ClaimStatus
from coach.scenario import Scenario
from coach.suggestion import CitedClaim, Style, Suggestion
from knowledge.evidence import Evidence, Kind, Truth

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
