// The guess at what the buyer hides: graded in place, so that a reply half typed stays.

import { post } from "./api.js";
import { el, labels, show } from "./dom.js";

const session = document.querySelector("[data-session]").dataset.session;
const box = document.getElementById("guess");
const form = box?.querySelector("form");
if (form) listen();

function listen() {
  const field = form.querySelector("input");
  const problem = box.querySelector(".problem");
  const made = box.querySelector(".guesses");
  let busy = false;

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const text = field.value.trim();
    if (busy || !text) return;
    busy = true;
    show(problem, "");
    try {
      tell(text, await post(`/v1/sessions/${encodeURIComponent(session)}/diagnosis`, { text }));
      field.value = "";
    } catch (error) {
      show(problem, error.message);
    } finally {
      busy = false;
    }
  });

  function tell(text, { level, concern, left, cards }) {
    made.append(
      el(
        "li",
        { "data-state": level },
        el("b.pill", {}, labels.guesses[level]),
        " ",
        el("q", {}, text),
        concern ? " " : null,
        concern ? el("span.why", {}, concern) : null,
      ),
    );
    form.querySelector(".left").textContent = `${left} of ${form.dataset.most} left`;
    if (cards.length && !box.querySelector(".answer")) {
      made.after(...cards.map((c) => el("p.answer", {}, el("b", {}, "It was this:"), " ", c.card)));
      box.querySelector(".answer").scrollIntoView({ block: "nearest" });
    }
    if (!left && !cards.length) {
      form.replaceWith(el("p.why", {}, `All ${form.dataset.most} guesses are used. The debrief shows what it was.`));
    }
  }
}
