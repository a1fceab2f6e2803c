// Asks for the page again while somebody writes, and puts what it says in place: the same words,
// from the same server, as without this script. Numbers the lines and marks the faulty ones.

import { byId, el } from "./dom.js";

const form = byId("studio");
const source = byId("source");
const gutter = byId("gutter");
const PARTS = ["verdict", "preview"];
const PAUSE = 500; // milliseconds without a key
let waiting = 0;
let asking = null;

source.addEventListener("input", () => {
  number();
  clearTimeout(waiting);
  waiting = setTimeout(ask, PAUSE);
});
source.addEventListener("scroll", () => (gutter.scrollTop = source.scrollTop), { passive: true });
source.addEventListener("keydown", indent);
byId("verdict").addEventListener("click", jump);
byId("check").hidden = true; // it is checked all the time
byId("download").hidden = false;
byId("download").addEventListener("click", download);
gutter.hidden = false;
number();

async function ask() {
  asking?.abort();
  asking = new AbortController();
  byId("verdict").setAttribute("aria-busy", "true");
  try {
    const sent = new URLSearchParams(new FormData(form));
    const response = await fetch("/studio/check", { method: "POST", body: sent, signal: asking.signal });
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    if (!page.getElementById("verdict")) throw new Error("no answer");
    for (const id of PARTS) put(id, page.getElementById(id));
    byId("verdict").removeAttribute("aria-busy");
    number();
  } catch (error) {
    if (error.name === "AbortError") return;
    byId("verdict").replaceChildren(el("p.lack", {}, "The coach can’t be reached. Your text is still here."));
  }
}

/** The last preview stays, and is called old, while the text can't be played. */
function put(id, found) {
  const place = byId(id);
  const isOld = id === "preview" && !found.firstElementChild;
  place.classList.toggle("old", isOld);
  if (!isOld) place.replaceChildren(...found.childNodes);
}

function number() {
  const count = source.value.split("\n").length;
  const state = new Map();
  for (const list of byId("verdict").querySelectorAll(".faults"))
    for (const one of list.querySelectorAll("[data-line]")) state.set(Number(one.dataset.line), list.dataset.state);
  const lines = Array.from({ length: count }, (_, n) => {
    const line = n + 1;
    return state.has(line) ? el("b", { "data-state": state.get(line) }, `${line}\n`) : `${line}\n`;
  });
  gutter.replaceChildren(...lines);
  gutter.scrollTop = source.scrollTop;
}

function jump(event) {
  const line = Number(event.target.closest("a") && event.target.closest("[data-line]")?.dataset.line);
  if (!line) return;
  event.preventDefault();
  const lines = source.value.split("\n");
  const start = lines.slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0);
  source.focus();
  source.setSelectionRange(start, start + lines[line - 1].length);
  source.scrollTop = (source.scrollHeight / lines.length) * Math.max(line - 6, 0);
}

/** Enter keeps the indent. Tab stays the way out of the field, for those who use no mouse. */
function indent(event) {
  if (event.key !== "Enter" || event.isComposing || event.ctrlKey || event.metaKey) return;
  const before = source.value.slice(0, source.selectionStart);
  const spaces = /(?:^|\n)( *)[^\n]*$/.exec(before)[1];
  if (!spaces) return;
  event.preventDefault();
  source.setRangeText(`\n${spaces}`, source.selectionStart, source.selectionEnd, "end");
  source.dispatchEvent(new Event("input"));
}

function download() {
  const id = /^id: *([a-z0-9-]+)/m.exec(source.value)?.[1] ?? "scenario";
  const link = el("a", { href: URL.createObjectURL(new Blob([source.value], { type: "application/yaml" })), download: `${id}.yaml` });
  link.click();
  URL.revokeObjectURL(link.href);
}
