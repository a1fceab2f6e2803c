// What arrives while the page is open, in the same elements as templates/parts.html.

import { get } from "./api.js";
import { el, labels } from "./dom.js";

const known = new Map();

function item(id) {
  if (document.body.dataset.guest) return Promise.resolve(null); // guests don't read the knowledge base
  if (!known.has(id)) known.set(id, get(`/v1/evidence/${encodeURIComponent(id)}`).catch(() => null));
  return known.get(id);
}

/** The name of a source; its id until the title is known. */
function source(id) {
  const cite = el("cite", {}, id);
  item(id).then((found) => {
    if (found?.title) cite.textContent = [found.title, found.source].filter(Boolean).join(" · ");
  });
  return cite;
}

const proof = (tag, quote, id) => el(`${tag}.proof`, {}, el("q", {}, quote), " ", source(id));

export function avatar(letters) {
  return el("span.avatar", { "aria-hidden": "true" }, letters);
}

const again = (session, index) =>
  el(
    "form.again",
    { method: "post", action: `/practice/${encodeURIComponent(session)}/branch` },
    el(
      "button",
      { type: "submit", name: "turn", value: index },
      "Try this again",
      el("span.sr", {}, ` (turn ${index})`),
    ),
  );

/** A turn; `buyer` is `{name, initials, session}`. */
export function turn({ index, speaker, text, note }, buyer) {
  const theirs = speaker === "buyer";
  return el(
    `article.turn.${theirs ? "buyer" : "seller"}`,
    index === undefined ? {} : { id: `turn-${index}` },
    theirs ? avatar(buyer.initials) : null,
    el(
      "div.bubble",
      {},
      el("h3.speaker", {}, theirs ? buyer.name : "You"),
      el("p.said", {}, text),
      note ? el("p.remark", {}, note) : null,
      theirs || index === undefined ? null : again(buyer.session, index),
    ),
  );
}

const lineOf = (state, label, text, ...more) =>
  el("li", { "data-state": state }, el("p", {}, el("b.pill", {}, label), " ", text), ...more);

const check = (c) =>
  lineOf(
    c.verdict,
    labels.verdicts[c.verdict],
    c.question,
    c.quote ? el("blockquote", {}, c.quote) : null,
    c.explanation ? el("p.why", {}, c.explanation) : null,
  );

const claim = (turn) => (c, number) => {
  if (c.status === "not_a_claim") return null;
  const line = lineOf(
    c.status,
    labels.claims[c.status],
    "Your claim",
    el("blockquote", {}, c.text),
    c.note ? el("p.why", {}, c.note) : null,
    ...c.evidence.map((e) => proof("p", e.quote, e.id)),
  );
  line.id = `claim-${turn}-${number}`;
  return line;
};

const PLAIN = ["not_a_claim", "unchecked"];

/** The seller's own words with the claims in them marked; the spans count code points. */
export function marked(text, claims, turn) {
  const letters = Array.from(text);
  const pieces = [];
  let at = 0;
  claims.forEach(({ span: [start, end], status }, number) => {
    if (PLAIN.includes(status) || start < at) return;
    const id = `claim-${turn}-${number}`;
    const words = letters.slice(start, end).join("");
    pieces.push(letters.slice(at, start).join(""));
    pieces.push(el("a.claim", { href: `#${id}`, "aria-describedby": id, "data-state": status }, words));
    at = end;
  });
  return [...pieces, letters.slice(at).join("")];
}

const without = (checks) =>
  lineOf(
    "not_observable",
    labels.verdicts.not_observable,
    "This reply gave no occasion for:",
    el("ul.unseen", {}, checks.map((c) => el("li", {}, c.question))),
  );

/** The coach's card on the reply of `turn`. */
export function note({ scored, reason, tip, checks = [], claims = [] }, turn) {
  const seen = ["yes", "no"].flatMap((verdict) => checks.filter((c) => c.verdict === verdict));
  const unseen = checks.filter((c) => c.verdict === "not_observable");
  const details = el(
    "details",
    {},
    el("summary", {}, "What I checked"),
    el("ul.checks", {}, seen.map(check), claims.map(claim(turn)), unseen.length ? without(unseen) : null),
  );
  return el(
    "div.note",
    { role: "note", "aria-label": "Coach’s note on your reply" },
    el("p.tip", {}, el("b", {}, scored ? "Tip" : "Not scored"), " ", scored ? tip : reason || tip),
    checks.length || claims.length ? details : null,
  );
}

/** A suggested reply; `action` is `{label, run}` for its button. */
export function suggestion(s, action) {
  const button = el("button.button.quiet.small", { type: "button" }, action.label);
  button.addEventListener("click", () => action.run(s.text, button));
  return el(
    "article.suggestion",
    {},
    el("h4", {}, labels.styles[s.style] ?? s.style),
    el("p.said", {}, s.text),
    s.claims.length ? el("ul.proofs", {}, s.claims.map((c) => proof("li", c.quote, c.evidence_id))) : null,
    button,
  );
}

/** A colleague's answer: to learn from, so it looks unlike what is proved. */
export function shared({ title, objection, wording, warnings }) {
  return el(
    "article.suggestion.shared",
    {},
    el("h4", {}, title),
    el("p.why", { dir: "auto" }, `To “${objection}”`),
    el("p.said", { dir: "auto" }, wording),
    warnings.map((warning) => el("p.remark", { dir: "auto" }, warning)),
    el("p.why", {}, "A colleague’s words, to learn from: no evidence."),
  );
}

export function hint({ level, text, suggestions, shared: answers }, action) {
  return el(
    "div.note.hint",
    { role: "note", "aria-label": `Hint ${level} of 3` },
    el("p.tip", {}, el("b", {}, `Hint ${level} of 3`), " ", text),
    (suggestions ?? []).map((s) => suggestion(s, action)),
    (answers ?? []).map(shared),
  );
}
