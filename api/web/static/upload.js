// Sends files to the knowledge base and tells, file by file, what became of them.

import { Problem, get } from "./api.js";
import { byId, el, show } from "./dom.js";

const form = byId("upload");
const field = byId("files");
const problem = byId("upload-problem");
const bar = byId("upload-bar");
const told = byId("upload-told");
const results = byId("upload-results");
const PAUSE = 700; // milliseconds
const ENDED = ["done", "failed"];

form.addEventListener("submit", (event) => {
  event.preventDefault();
  if (field.files.length) run();
});
for (const name of ["dragover", "dragleave", "drop"]) {
  form.addEventListener(name, (event) => {
    event.preventDefault();
    form.classList.toggle("over", name === "dragover");
    if (name !== "drop" || !event.dataTransfer.files.length) return;
    field.files = event.dataTransfer.files;
    run();
  });
}

async function run() {
  const button = form.querySelector("button");
  if (button.disabled) return;
  button.disabled = true;
  results.replaceChildren();
  show(problem, "");
  try {
    const accepted = await send(new FormData(form));
    await follow(accepted.import);
    form.reset();
  } catch (error) {
    show(told, "");
    show(problem, error.message);
  } finally {
    button.disabled = false;
    bar.hidden = true;
  }
}

/** XMLHttpRequest and not fetch: it tells how much has been sent. */
function send(body) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", "/v1/evidence");
    request.responseType = "json";
    request.upload.onprogress = ({ loaded, total }) => progress("Sending", loaded, total);
    request.onerror = () => reject(new Problem({ detail: "The coach can’t be reached. Is it still running?" }));
    request.onload = () =>
      request.status === 202 ? resolve(request.response) : reject(new Problem(request.response ?? {}, request.status));
    request.send(body);
  });
}

async function follow(id) {
  for (;;) {
    const found = await get(`/v1/imports/${encodeURIComponent(id)}`);
    results.replaceChildren(...found.files.map(line));
    if (ENDED.includes(found.status)) {
      const added = found.files.reduce((sum, file) => sum + file.added + file.changed, 0);
      show(told, found.status === "done" ? `Done: ${added} ${added === 1 ? "item" : "items"} added or changed. Reload to see them counted.` : "");
      if (found.status === "failed") throw new Problem({ detail: found.reason || "The files could not be read." });
      return;
    }
    progress(found.reason || (found.status === "waiting" ? "Waiting" : "Reading"), found.done, found.total);
    await new Promise((wake) => setTimeout(wake, PAUSE));
  }
}

function progress(doing, done, total) {
  bar.hidden = false;
  if (total) {
    bar.max = total;
    bar.value = done;
  } else bar.removeAttribute("value");
  const words = `${doing} …`;
  if (told.textContent !== words) show(told, words); // a screen reader hears each word once
}

function line({ name, added, changed, unchanged, problems, copy_of: copy }) {
  const counts = [
    [added, "added"],
    [changed, "changed"],
    [unchanged, "unchanged"],
  ].flatMap(([number, word]) => (number ? [`${number} ${word}`] : []));
  if (copy) counts.push(`the same as ${copy}`);
  return el(
    "li",
    {},
    el("b", { dir: "auto" }, name),
    ` ${counts.join(", ") || "nothing added"}`,
    problems.length
      ? el("ul", {}, problems.map((one) => el("li.lack", { dir: "auto" }, one.line ? `Line ${one.line}: ${one.msg}` : one.msg)))
      : null,
  );
}
