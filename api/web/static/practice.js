// The chat: sends a reply, shows the buyer's words as they come, then the coach's note.

import { get, post, rest, stream } from "./api.js";
import { LIMIT, byId, countInto, el, labels, show } from "./dom.js";
import * as view from "./view.js";

const stage = document.querySelector("[data-session]");
const path = `/v1/sessions/${encodeURIComponent(stage.dataset.session)}`;
const buyer = {
  name: stage.dataset.buyer,
  initials: stage.dataset.initials,
  session: stage.dataset.session,
};
const log = byId("log");
const live = byId("live");
const status = byId("status");
const form = byId("composer");

// A page from the back button shows the conversation as it was: fetch it as it is.
addEventListener("pageshow", (event) => event.persisted && location.reload());

if (matchMedia("(max-width: 60rem)").matches) document.querySelector(".brief .more").open = false;
log.addEventListener("toggle", ({ target }) => target.open && reveal(target.closest(".note")), true);
if (form) converse();

function converse() {
  const field = byId("text");
  const send = byId("send");
  const problem = byId("problem");
  const hintButton = byId("hint");
  let busy = false;
  let ended = false;

  document.querySelector(".with-script").hidden = false;
  countInto(field, byId("count"));
  if (log.querySelectorAll(".turn").length > 1 || problem.textContent) toEnd("instant");
  if (matchMedia("(hover: hover)").matches) field.focus({ preventScroll: true });

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (event.submitter === hintButton) ask();
    else say();
  });
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    say();
  });
  document.addEventListener("keydown", (event) => {
    if (!event.altKey || event.ctrlKey || event.metaKey || event.code !== "KeyH") return;
    event.preventDefault();
    ask();
  });

  function working(on) {
    busy = on;
    send.setAttribute("aria-disabled", String(on));
    hintButton.setAttribute("aria-disabled", String(on));
  }

  async function say() {
    const text = field.value.trim();
    if (busy || ended || !text) return;
    if (Array.from(text).length > LIMIT) {
      show(problem, `A reply can have ${LIMIT.toLocaleString("en")} characters at most. Shorten it, then send.`);
      return;
    }
    working(true);
    show(problem, "");
    setText("");
    const turns = log.querySelectorAll(".turn").length;
    const pending = view.turn({ speaker: "seller", text }, buyer);
    const reply = typing();
    live.replaceChildren(pending, reply.node);
    status.textContent = `${buyer.name} is reading your message.`;
    toEnd();
    try {
      await exchange(text, reply);
    } catch (error) {
      await recover(error, text, turns);
    } finally {
      live.replaceChildren();
      status.textContent = "";
      working(false);
    }
  }

  async function exchange(text, reply) {
    let done = false;
    let said = null; // the seller's turn, to be marked where it claims something
    for await (const { event, data } of taken(text)) {
      if (event === "turn.created") {
        live.firstChild.remove();
        said = data.turn;
        log.append(view.turn(said, buyer));
      } else if (event === "reply.delta") {
        keepingEnd(() => reply.add(data.text));
      } else if (event === "reply.reset") {
        reply.reset(data.note);
      } else if (event === "reply.completed") {
        keepingEnd(() => {
          live.replaceChildren();
          log.append(view.turn(data.turn, buyer));
        });
        dispatchEvent(new CustomEvent("buyer-said", { detail: data.turn.text }));
      } else if (event === "assessment") {
        keepingEnd(() => log.append(view.note(data, said.index)));
        const words = byId(`turn-${said.index}`).querySelector(".said");
        words.replaceChildren(...view.marked(said.text, data.claims ?? [], said.index));
      } else if (event === "turn.completed") {
        done = true;
        hintLevel(1, true);
        settle(data.session.status);
        if (byId("mood")) feel(await get(`${path}/mood`).catch(() => ({})));
      } else if (event === "error") {
        throw Object.assign(new Error(data.detail || data.title), { final: true });
      }
    }
    if (!done) throw new Error("The connection was lost before the reply was complete.");
  }

  // All of the turn: where the connection breaks on the way, it is taken up where it broke.
  async function* taken(text) {
    let events = stream(`${path}/turns`, { text });
    let seen = "";
    for (let left = 5; ; left -= 1) {
      try {
        for await (const told of events) {
          seen = told.id;
          yield told;
          if (told.event === "turn.completed" || told.event === "error") return;
        }
      } catch (error) {
        if (!seen || error.final || error.status) throw error;
      }
      if (!seen || left === 0) return;
      await new Promise((resolve) => setTimeout(resolve, 1000));
      events = rest(`${path}/turns/${seen.split(".")[0]}/events`, seen);
    }
  }

  // The turn goes on without its listener, so after a broken stream look what became of it.
  async function recover(error, text, turns) {
    for (let attempt = 0; attempt < 5 && !error.final && !error.status; attempt += 1) {
      const session = await get(path).catch(() => null);
      if (!session) break;
      if (session.turns.length > turns) {
        location.reload();
        return;
      }
      await new Promise((resolve) => setTimeout(resolve, 1000));
    }
    while (log.querySelectorAll(".turn").length > turns) log.lastChild.remove();
    show(problem, error.message);
    setText(field.value ? `${text}\n${field.value}` : text);
    field.focus();
    toEnd();
  }

  async function ask() {
    if (busy || ended) return;
    working(true);
    show(problem, "");
    try {
      const level = Number(hintButton.value) || null; // the first step is for the coach to choose
      const given = await post(`${path}/hint`, { level });
      const card = view.hint(given, { label: "Use this", run: use });
      log.append(card);
      hintLevel((given.level % 3) + 1);
      reveal(card);
    } catch (error) {
      show(problem, error.message);
    } finally {
      working(false);
    }
  }

  function use(text) {
    setText(text);
    field.focus();
    field.setSelectionRange(field.value.length, field.value.length);
  }

  function setText(text) {
    field.value = text;
    field.dispatchEvent(new Event("input"));
  }

  function hintLevel(level, first = false) {
    hintButton.value = first ? "" : String(level);
    hintButton.querySelector(".step").textContent = `${level} of 3`;
  }

  function settle(state) {
    if (state === "active") return;
    ended = true;
    form.hidden = true;
    const outcome = byId("outcome");
    outcome.dataset.status = state;
    outcome.hidden = false;
    byId("outcome-text").textContent = labels.outcomes[state].replace("{name}", buyer.name);
    byId("outcome-text").focus({ preventScroll: true });
    toEnd();
  }
}

function feel(mood) {
  for (const line of byId("mood").children) {
    const now = Math.round(mood[line.dataset.mood]);
    if (Number.isNaN(now)) continue;
    line.querySelector("b").textContent = now;
    line.querySelector("rect").setAttribute("width", now);
  }
}

/** The buyer's bubble while the words come: three dots until the first of them. */
function typing() {
  const dots = el("span.dots", {}, el("i"), el("i"), el("i"));
  const said = el("p.said", {}, dots);
  const bubble = el("div.bubble", {}, el("h3.speaker", {}, buyer.name), said);
  return {
    node: el("article.turn.buyer", {}, view.avatar(buyer.initials), bubble),
    add(text) {
      dots.remove();
      said.append(text);
    },
    reset(note) {
      said.replaceChildren(dots);
      bubble.querySelector(".remark")?.remove();
      if (note) bubble.append(el("p.remark", {}, note));
    },
  };
}

function atEnd() {
  const page = document.documentElement;
  return page.scrollHeight - page.scrollTop - page.clientHeight < 160;
}

function keepingEnd(change) {
  const follow = atEnd();
  change();
  if (follow) toEnd("instant");
}

/** Scrolls as little as it takes; what is taller than the room is shown from its start. */
function reveal(node) {
  node.scrollIntoView({ block: node.offsetHeight > innerHeight * 0.55 ? "start" : "nearest" });
}

function toEnd(behavior = "auto") {
  scrollTo({ top: document.documentElement.scrollHeight, behavior });
}
