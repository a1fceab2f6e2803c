"""THE TABLE: who may use each route, and whose things it shows. A route without a row stops the
application at its start; ``tests/api/test_rules.py`` walks all of them.

who      open: anybody; any: whoever is signed in; else one of the roles named (with +). A guest
         of a workshop has no account, and only what names them
whose    own: the caller's; team: also, to be read, those of whom the caller trains;
         tenant: all of the caller's tenant; -: nobody's

What isn't theirs answers 404, as what doesn't exist.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from fastapi import FastAPI
from fastapi.routing import iter_route_contexts

from coach.accounts.account import Role
from coach.session import GUEST

TABLE = """
open          -       GET     /healthz
open          -       GET     /readyz
open          -       GET     /openapi.json
admin         -       GET     /metrics
any+guest     own     GET     /v1/me
any           own     GET     /v1/me/progress
any           own     GET     /v1/me/next
admin         tenant  POST    /v1/users
admin         tenant  GET     /v1/users
admin         tenant  GET     /v1/users/{name}
admin         tenant  PATCH   /v1/users/{name}
trainer+admin team    GET     /v1/teams
admin         tenant  POST    /v1/teams
trainer+admin team    GET     /v1/teams/{team_id}
admin         tenant  PUT     /v1/teams/{team_id}/members/{name}
admin         tenant  DELETE  /v1/teams/{team_id}/members/{name}
admin         tenant  POST    /v1/tokens
admin         tenant  GET     /v1/tokens
admin         tenant  DELETE  /v1/tokens/{token_id}
trainer       team    GET     /v1/teams/skills
trainer       team    GET     /v1/teams/members/{user}/sessions
trainer       team    GET     /v1/teams/members/{user}/progress

any           tenant  GET     /v1/scenarios
any           tenant  GET     /v1/scenarios/{scenario_id}
any           -       GET     /v1/scenarios/schema
trainer+admin tenant  POST    /v1/scenarios
trainer+admin tenant  POST    /v1/scenarios/validate
trainer+admin own     POST    /v1/scenarios/try
trainer+admin tenant  POST    /v1/scenarios/import
trainer+admin tenant  POST    /v1/scenarios/draft
trainer+admin tenant  GET     /v1/scenarios/bundle
trainer+admin tenant  PUT     /v1/scenarios/{scenario_id}
trainer+admin tenant  DELETE  /v1/scenarios/{scenario_id}
trainer+admin tenant  GET     /v1/scenarios/{scenario_id}/source
trainer+admin tenant  GET     /v1/scenarios/{scenario_id}/versions
trainer+admin tenant  GET     /v1/scenarios/{scenario_id}/bundle

any+guest     own     POST    /v1/sessions
any           own     GET     /v1/sessions
any+guest     team    GET     /v1/sessions/{session_id}
any+guest     team    GET     /v1/sessions/{session_id}/scenario
any           own     DELETE  /v1/sessions/{session_id}
any+guest     own     POST    /v1/sessions/{session_id}/turns
any+guest     own     GET     /v1/sessions/{session_id}/turns/{index}/events
any+guest     own     DELETE  /v1/sessions/{session_id}/turns/{index}
any+guest     own     POST    /v1/sessions/{session_id}/hint
any+guest     own     POST    /v1/sessions/{session_id}/end
any+guest     own     POST    /v1/sessions/{session_id}/branch
any+guest     team    GET     /v1/sessions/{session_id}/branches
any+guest     own     GET     /v1/sessions/{session_id}/compare/{other}
any+guest     team    GET     /v1/sessions/{session_id}/mood
any+guest     own     POST    /v1/sessions/{session_id}/diagnosis
any+guest     team    GET     /v1/sessions/{session_id}/debrief
any+guest     team    GET     /v1/sessions/{session_id}/transcript
any           team    GET     /v1/sessions/{session_id}/overrulings
trainer+admin team    POST    /v1/sessions/{session_id}/turns/{index}/checks/{check_id}/overrule
trainer+admin team    DELETE  /v1/sessions/{session_id}/turns/{index}/checks/{check_id}/overrule

any           tenant  GET     /v1/models
any           tenant  GET     /v1/models/{model}
any           own     POST    /v1/chat/completions

any           tenant  POST    /v1/suggestions
any           tenant  POST    /v1/claims/check
any           -       POST    /v1/prioritise
any           tenant  GET     /v1/compare/{competitor}
any           tenant  GET     /v1/evidence
any           tenant  GET     /v1/evidence/check
any           tenant  GET     /v1/evidence/gaps
any           tenant  GET     /v1/evidence/gaps/{gap_id}/template
trainer+admin tenant  DELETE  /v1/evidence/gaps/{gap_id}
any           tenant  GET     /v1/evidence/{evidence_id}
trainer+admin tenant  PUT     /v1/evidence/{evidence_id}
trainer+admin tenant  DELETE  /v1/evidence/{evidence_id}
trainer+admin tenant  POST    /v1/evidence
trainer+admin own     GET     /v1/imports
trainer+admin own     GET     /v1/imports/{import_id}

trainer+admin own     POST    /v1/fidelity
trainer+admin own     GET     /v1/fidelity
trainer+admin own     GET     /v1/fidelity/{run_id}

any           tenant  GET     /v1/goals
trainer       tenant  POST    /v1/goals
trainer       tenant  POST    /v1/goals/numbers
trainer       tenant  PUT     /v1/goals/{goal_id}
trainer       tenant  DELETE  /v1/goals/{goal_id}
any           own     POST    /v1/answers
any           tenant  GET     /v1/answers
any           tenant  GET     /v1/answers/{answer_id}
any           tenant  PUT     /v1/answers/{answer_id}
trainer       tenant  POST    /v1/answers/{answer_id}/approve
trainer       tenant  POST    /v1/answers/{answer_id}/decline
any           tenant  POST    /v1/answers/{answer_id}/withdraw
any           tenant  GET     /v1/calibration
trainer+admin own     GET     /v1/calibration/sheet
trainer+admin own     POST    /v1/calibration/labels
any           own     GET     /v1/exports/sessions.csv
any           own     GET     /v1/exports/xapi
admin         tenant  POST    /v1/webhooks
admin         tenant  GET     /v1/webhooks
admin         tenant  DELETE  /v1/webhooks/{webhook_id}
admin         tenant  POST    /v1/webhooks/{webhook_id}/test

trainer       own     POST    /v1/workshops
any           own     GET     /v1/workshops
any           tenant  POST    /v1/workshops/join
any+guest     own     GET     /v1/workshops/{workshop_id}
trainer       own     DELETE  /v1/workshops/{workshop_id}
any+guest     own     POST    /v1/workshops/{workshop_id}/sessions
trainer       own     POST    /v1/workshops/{workshop_id}/pause
trainer       own     POST    /v1/workshops/{workshop_id}/resume
trainer       own     POST    /v1/workshops/{workshop_id}/finish
trainer       own     POST    /v1/workshops/{workshop_id}/names
trainer       own     GET     /v1/workshops/{workshop_id}/board
any+guest     own     GET     /v1/workshops/{workshop_id}/events
any+guest     own     GET     /v1/workshops/{workshop_id}/votes
any+guest     own     POST    /v1/workshops/{workshop_id}/votes
trainer       own     POST    /v1/workshops/{workshop_id}/rounds
trainer       own     POST    /v1/workshops/{workshop_id}/rounds/{round_id}/reveal
trainer       own     GET     /v1/workshops/{workshop_id}/guide
trainer       own     GET     /v1/workshops/{workshop_id}/report

open          -       POST    /slack/events
admin         tenant  GET     /slack/install
admin         tenant  GET     /slack/back
any           own     GET     /slack/link
any           own     POST    /slack/link

open          -       GET     /login
open          -       POST    /login
open          -       POST    /logout
open          -       GET     /login/provider
open          -       GET     /login/back
any           tenant  GET     /
any           own     POST    /practice
any+guest     team    GET     /practice/{session_id}
any+guest     own     POST    /practice/{session_id}
any+guest     own     POST    /practice/{session_id}/hint
any+guest     own     POST    /practice/{session_id}/end
any+guest     own     POST    /practice/{session_id}/branch
any+guest     own     POST    /practice/{session_id}/guess
any+guest     own     GET     /practice/{session_id}/compare/{other}
any+guest     team    GET     /debrief/{session_id}
any           team    GET     /debrief/{session_id}/verdicts
trainer+admin team    POST    /debrief/{session_id}/verdicts
any           own     GET     /progress
open          -       GET     /join
open          -       POST    /join
any+guest     own     GET     /workshops
trainer       own     GET     /workshops/new
trainer       own     POST    /workshops
any+guest     own     GET     /workshops/{workshop_id}
any+guest     own     POST    /workshops/{workshop_id}/start
any+guest     own     POST    /workshops/{workshop_id}/votes
trainer       own     GET     /workshops/{workshop_id}/board
trainer       own     POST    /workshops/{workshop_id}/board
trainer       own     GET     /workshops/{workshop_id}/votes
trainer       own     POST    /workshops/{workshop_id}/rounds
trainer       own     POST    /workshops/{workshop_id}/rounds/{round_id}/reveal
trainer       own     GET     /workshops/{workshop_id}/guide
trainer       own     GET     /workshops/{workshop_id}/report
any           tenant  GET     /assist
any           tenant  POST    /assist
any           tenant  GET     /knowledge
trainer+admin tenant  POST    /knowledge/upload
trainer+admin own     GET     /knowledge/imports/{import_id}
any           tenant  GET     /knowledge/items/{evidence_id}
trainer+admin tenant  GET     /knowledge/new
trainer+admin tenant  POST    /knowledge/new
trainer+admin tenant  GET     /knowledge/edit/{evidence_id}
trainer+admin tenant  POST    /knowledge/edit/{evidence_id}
trainer+admin tenant  POST    /knowledge/remove/{evidence_id}
any           tenant  GET     /knowledge/compare/{competitor}
any           tenant  GET     /knowledge/search
any           tenant  GET     /knowledge/gaps
trainer+admin tenant  POST    /knowledge/gaps/{gap_id}/dismiss
trainer       team    GET     /team
trainer       team    GET     /team/people/{user}
trainer+admin tenant  GET     /studio
trainer+admin tenant  GET     /studio/new
trainer+admin tenant  GET     /studio/edit/{scenario_id}
trainer+admin tenant  POST    /studio/check
trainer+admin tenant  POST    /studio/save
trainer+admin own     POST    /studio/try
trainer+admin tenant  GET     /studio/versions/{scenario_id}
trainer+admin tenant  POST    /studio/restore/{scenario_id}
trainer+admin tenant  POST    /studio/withdraw/{scenario_id}
trainer+admin tenant  GET     /studio/bundle
trainer+admin tenant  POST    /studio/bring
any           tenant  GET     /goals
trainer       tenant  POST    /goals
trainer       tenant  POST    /goals/numbers
trainer       tenant  POST    /goals/{goal_id}
trainer       tenant  POST    /goals/{goal_id}/remove
any           tenant  GET     /answers
any           own     POST    /answers
any           tenant  POST    /answers/{answer_id}
"""

WHOSE = ("own", "team", "tenant", "-")


@dataclass(frozen=True)
class Rule:
    """``roles`` may use it; none are needed where it is open."""

    roles: frozenset[str]
    whose: str

    @property
    def is_open(self) -> bool:
        return not self.roles


def _rule(who: str, whose: str) -> Rule:
    known = {"open": (), "any": tuple(Role)}
    roles = frozenset(str(role) for word in who.split("+") for role in known.get(word, (word,)))
    if not roles <= {*Role, GUEST} or whose not in WHOSE:
        raise ValueError(f"{who} {whose}: no such rule")
    return Rule(roles, whose)


def _parsed(table: str) -> dict[str, Rule]:
    rows = [line.split() for line in table.splitlines() if line]
    return {f"{method} {path}": _rule(who, whose) for who, whose, method, path in rows}


RULES = _parsed(TABLE)


def routes_of(app: FastAPI) -> Iterator[str]:
    """``METHOD /path`` of every route; files at /static are anybody's."""
    for route in iter_route_contexts(app.routes):
        for method in sorted((route.methods or set()) - {"HEAD"}):
            yield f"{method} {route.path_format}"


def check(app: FastAPI) -> None:
    """Raises LookupError for routes that nobody made a rule for."""
    if bare := [route for route in routes_of(app) if route not in RULES]:
        raise LookupError(f"no row in api/access/rules.py for: {', '.join(bare)}")
