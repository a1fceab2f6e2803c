// Live assist: suggestions in the pause of typing; only the last question's answer is shown.

import { post } from "./api.js";
import { byId, countInto, el, show } from "./dom.js";
import { shared as colleague, suggestion } from "./view.js";

const form = byId("ask");
const field = byId("objection");
const answers = byId("answers");
const status = byId("status");
const problem = byId("problem");
const PAUSE = 600; // milliseconds
const ENOUGH = 12; // characters before it asks by itself
let timer = 0;
let asking = null;
let asked = "";
const draft = crypto.randomUUID?.() ?? String(Math.random()); // what is typed here counts once

countInto(field, byId("count"));
form.addEventListener("input", () => {
  clearTimeout(timer);
  if (field.value.trim().length >= ENOUGH) timer = setTimeout(ask, PAUSE);
});
form.addEventListener("submit", (event) => {
  event.preventDefault();
  asked = "";
  ask();
});

async function ask() {
  clearTimeout(timer);
  const { objection, ...about } = Object.fromEntries(new FormData(form));
  const context = Object.fromEntries(Object.entries(about).filter(([, value]) => value.trim()));
  const question = JSON.stringify([objection.trim(), context]);
  if (question === asked) return;
  asked = question;
  asking?.abort();
  const mine = (asking = new AbortController());
  answers.setAttribute("aria-busy", "true");
  try {
    const advice = await post("/v1/suggestions", { objection: objection.trim(), context, draft }, mine.signal);
    show(problem, "");
    answers.replaceChildren(...shown(advice));
    const count = advice.suggestions.length;
    status.textContent = count === 1 ? "One reply suggested" : `${count || "No"} replies suggested`;
  } catch (error) {
    if (error.name === "AbortError") return;
    asked = "";
    show(problem, error.message);
  } finally {
    if (asking === mine) answers.removeAttribute("aria-busy");
  }
}

const titles = JSON.parse(answers.dataset.titles);

function about({ type, scenario, sure, says }) {
  if (type === "none" && sure) return el("div.about", {}, el("p", {}, "That doesn’t read like an objection."));
  const practise = () =>
    el(
      "form",
      { method: "post", action: "/practice" },
      el("input", { type: "hidden", name: "scenario", value: scenario }),
      el("button.button.quiet.small", { type: "submit" }, "Practise this"),
    );
  return el(
    "div.about",
    {},
    el("p", {}, says),
    titles[scenario] ? practise() : null,
  );
}

function shown({ objection, suggestions, shared, gaps, note }) {
  return [
    about(objection),
    note ? el("p.remark", {}, note) : "",
    ...suggestions.map((s) => suggestion(s, { label: "Copy", run: copy })),
    ...shared.map(colleague),
    gaps?.length
      ? el("div.gaps", {}, el("h3", {}, "No evidence for"), el("ul", {}, gaps.map((gap) => el("li", {}, gap))))
      : "",
  ].filter(Boolean);
}

async function copy(text, button) {
  try {
    await navigator.clipboard.writeText(text);
    button.textContent = "Copied";
    status.textContent = "Copied";
  } catch {
    const range = document.createRange();
    range.selectNodeContents(button.parentElement.querySelector(".said"));
    getSelection().removeAllRanges();
    getSelection().addRange(range);
    button.textContent = "Selected: copy it now";
  }
  setTimeout(() => (button.textContent = "Copy"), 2000);
}
