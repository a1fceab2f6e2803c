"""What a model is told before it words an act: the persona, the talk, the act and what it must say.

Nothing that wasn't earned: no hidden concern, and no rubric. What the state holds reaches the
prompt in words; ``used`` and ``said`` are only what code needs to tell repetitions.
"""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from typing import Any

from coach.buyer import Standing
from coach.scenario import Act
from coach.voice.moment import Moment

PROMPT = "buyer/reply.v3"
HISTORY = 10  # turns that a model sees
WORDS_MAX = {Act.OPEN: 60, Act.WALK_AWAY: 45, Act.AGREE: 60}
_SETTLED = (Standing.RESOLVED,)
_OPEN = (Standing.SURFACED, Standing.EXPLORED, Standing.ANSWERED, Standing.REOPENED)


def variables(moment: Moment, core: str, again: str = "") -> dict[str, Any]:
    """Of ``PROMPT``. ``again`` says in general words what was wrong with the first answer."""
    scenario, state, planned = moment.scenario, moment.state, moment.next
    return {
        "persona": moment.persona.model_dump(mode="json", exclude={"id"}),
        "kind": scenario.kind,
        "vendor": scenario.vendor,
        "competitor": scenario.competitor or "",
        "summary": scenario.summary,
        "canary": canary_of(moment),
        "history": [
            {"speaker": t.speaker.value, "text": t.text} for t in moment.history[-HISTORY:]
        ],
        "standing": _standing(moment),
        "act": planned.act.value,
        "lead": planned.lead.value if planned.lead else "",
        "follow": planned.follow.value if planned.follow else "",
        "claim": planned.claim or "",
        "attitude": moment.attitude.value,
        "concern": _on_the_table(moment),
        "fact": next((f.topic for f in scenario.facts if f.id == planned.fact), ""),
        "core": core,
        "trust": round(state.trust),
        "value": round(state.value),
        "patience": round(state.patience),
        "words_max": WORDS_MAX.get(planned.act, 50),
        "again": again,
    }


def canary_of(moment: Moment) -> str:
    """A mark of this session, the same in each of its turns, so that a server's cache holds."""
    of = f"{moment.scenario.id}/{moment.persona.id}/{moment.seed}"
    return f"zq{sha256(of.encode()).hexdigest()[:10]}"


def _on_the_table(moment: Moment) -> str:
    """The concern of the act, or the one that was last talked about; never an untold one."""
    concern = moment.concern
    return concern.short if _told(moment, concern.id) else moment.find(moment.state.focus).short


def _told(moment: Moment, key: str) -> bool:
    held = moment.state.concerns.get(key)
    return held is not None and held.standing is not Standing.HIDDEN


def _standing(moment: Moment) -> dict[str, Any]:
    state, scenario = moment.state, moment.scenario
    return {
        "turn": state.turn,
        "dry": state.dry,
        "distrust": round(state.distrust),
        "settled": _shorts(moment, _SETTLED),
        "open": [s for s in _shorts(moment, _OPEN) if s != _on_the_table(moment)],
        "wanted": [_demand(moment, d) for d in _demands(moment)],
        "told": [fact.topic for fact in scenario.facts if fact.id in state.facts_told],
        "promises": [promise.words for promise in state.promises],
        "challenged": state.challenged or "",
        "reminded": state.reminded or "",
        "no_need": moment.find(state.instead).short
        if state.instead and state.knows_no_need
        else "",
        "decided": list(_decided(moment)),
        "struck": list(_struck(moment)),
        "flags": sorted(flag for flag in state.flags if not flag.startswith("aside-")),
    }


def _shorts(moment: Moment, standings: tuple[Standing, ...]) -> list[str]:
    held = moment.state.concerns
    return [moment.find(key).short for key, c in held.items() if c.standing in standings]


def _demands(moment: Moment) -> list[str]:
    """The one that was made last comes last."""
    state = moment.state
    last = [state.pending] if state.pending else []
    made = [*(d for d in state.demands if d not in last), *last]
    return [demand for demand in made if _told(moment, demand.split("/")[0])]


def _demand(moment: Moment, demand: str) -> str:
    key, need = demand.split("/")
    return f"{need.replace('-', ' ')} ({moment.find(key).short})"


#: What a decision is to the one who made it; those about a worry are followed by it.
_DONE = {
    "settled": "you let go of",
    "told": "you told them about",
    "reopened": "you took up again",
    "agreed": "you agreed to the next step",
    "parted": "you took their no",
}


def _decided(moment: Moment) -> Iterator[str]:
    for made in moment.state.decisions:
        done = _DONE.get(made.kind.value, made.kind.value)
        if made.concern is None:
            yield done
        elif _told(moment, made.concern):
            yield f"{done} {moment.find(made.concern).short}"


def _struck(moment: Moment) -> Iterator[str]:
    """What the seller's message did, in the words of the log, without its figures and ids."""
    for line in moment.state.log:
        felt, moved, _ = line.partition(": trust ")
        if moved and felt != "time passes" and ":" not in felt and not _names_concern(moment, felt):
            yield felt


def _names_concern(moment: Moment, felt: str) -> bool:
    return any(concern.id in felt for concern in moment.scenario.concerns)
