// Live assist: what they say is answered in the pause of typing. Only the last question is shown,
// and what is known of the customer stays from call to call.

import { stream, Problem } from "./api.js";
import { byId, countInto, el, show } from "./dom.js";
import { shared as colleague, suggestion } from "./view.js";

const form = byId("ask");
const field = byId("objection");
const answers = byId("answers");
const status = byId("status");
const problem = byId("problem");
const titles = JSON.parse(answers.dataset.titles);
const PAUSE = 450; // milliseconds
const ENOUGH = 12; // characters before it asks by itself
const ANYWAY = "That doesn’t read like an objection; this may answer it all the same.";
const KEPT = "assist-customer";
const about = [...form.querySelectorAll("fieldset input")];
let timer = 0;
let asking = null;
let asked = "";
const draft = crypto.randomUUID?.() ?? String(Math.random()); // what is typed here counts once

countInto(field, byId("count"));
offerBeside(byId("beside"));
recall();
if (byId("keys")) byId("keys").hidden = false;
form.addEventListener("input", () => {
  clearTimeout(timer);
  keep();
  if (field.value.trim().length >= ENOUGH) timer = setTimeout(ask, PAUSE);
});
field.addEventListener("paste", () => setTimeout(ask)); // after the text is in
form.addEventListener("submit", (event) => {
  event.preventDefault();
  asked = "";
  ask();
});
document.addEventListener("keydown", (event) => {
  if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey || !/^[1-3]$/.test(event.key)) return;
  const button = answers.querySelectorAll(".suggestion button")[event.key - 1];
  if (!button) return;
  event.preventDefault();
  button.click();
});

/** A narrow window of its own, to stand beside the call. */
function offerBeside(button) {
  if (document.body.classList.contains("beside") || !matchMedia("(min-width: 40rem)").matches) return;
  button.hidden = false;
  button.addEventListener("click", () => {
    const shape = `popup,width=420,height=${screen.availHeight},left=${screen.availWidth - 420},top=0`;
    open("/assist?window=side", "coach-beside", shape)?.focus();
  });
}

async function ask() {
  clearTimeout(timer);
  const objection = field.value.trim();
  const question = JSON.stringify([objection, context()]);
  if (question === asked) return;
  asked = question;
  asking?.abort();
  const mine = (asking = new AbortController());
  answers.setAttribute("aria-busy", "true");
  try {
    await answer({ objection, context: context(), draft }, mine);
    show(problem, "");
  } catch (error) {
    if (error.name === "AbortError" || asking !== mine) return;
    asked = "";
    show(problem, error.message);
  } finally {
    if (asking === mine) answers.removeAttribute("aria-busy");
  }
}

async function answer(question, mine) {
  let count = 0;
  for await (const { event, data } of stream("/v1/suggestions", question, mine.signal)) {
    if (asking !== mine) return;
    if (event === "error") throw new Problem(data);
    if (event === "objection") answers.replaceChildren(heading(data));
    else if (event === "suggestion") {
      const quiet = answers.querySelector(".quiet-note");
      if (quiet) quiet.textContent = ANYWAY;
      answers.append(numbered(suggestion(data, { label: "Copy", run: copy }), ++count));
    }
    else if (event === "advice") {
      answers.firstElementChild.after(...remarks(data));
      answers.append(...(data.shared ?? []).map(colleague), ...lacking(data));
    }
  }
  status.textContent = count === 1 ? "One reply suggested" : `${count || "No"} replies suggested`;
}

function numbered(article, number) {
  article.querySelector("button").append(" ", el("kbd", {}, `Ctrl+${number}`));
  return article;
}

function context() {
  const given = about.map((input) => [input.name, input.value.trim()]).filter(([, value]) => value);
  return Object.fromEntries(given.map(([name, value]) => [name, name === "customer_size" && /^\d+$/.test(value) ? Number(value) : value]));
}

function keep() {
  try {
    localStorage.setItem(KEPT, JSON.stringify(Object.fromEntries(about.map(({ name, value }) => [name, value]))));
  } catch {
    // a browser that keeps nothing forgets the customer with the page
  }
}

function recall() {
  let known = {};
  try {
    known = JSON.parse(localStorage.getItem(KEPT)) ?? {};
  } catch {
    return;
  }
  for (const input of about) if (!input.value && typeof known[input.name] === "string") input.value = known[input.name];
}

function heading({ type, scenario, sure, says }) {
  if (type === "none" && sure) return el("div.about", {}, el("p.quiet-note", {}, "That doesn’t read like an objection. Go on listening."));
  const practise = () =>
    el(
      "form",
      { method: "post", action: "/practice" },
      el("input", { type: "hidden", name: "scenario", value: scenario }),
      el("button.button.quiet.small", { type: "submit" }, "Practise this"),
    );
  return el("div.about", {}, el("p", {}, says), titles[scenario] ? practise() : null);
}

function remarks({ note, warning }) {
  const told = [note, warning && `Before you name a customer: ${warning}.`];
  return told.filter(Boolean).map((text) => el("p.remark", {}, text));
}

function lacking({ gaps }) {
  if (!gaps?.length) return [];
  return [el("div.gaps", {}, el("h3", {}, "No evidence for"), el("ul", {}, gaps.map((gap) => el("li", {}, gap))))];
}

async function copy(text, button) {
  const label = [...button.childNodes];
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
  setTimeout(() => button.replaceChildren(...label), 2000);
}
