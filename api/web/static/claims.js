// The marks in one's own words: what the evidence says, on hover, focus and tap. Without this
// script a mark is a link to the same lines in the coach's note.

import { el } from "./dom.js";

const GRACE = 250; // milliseconds to get from the mark to the card
const card = el("div.claim-card", { hidden: "" });
let shown = null;
let leaving = 0;

document.addEventListener("pointerover", ({ target, pointerType }) => {
  if (pointerType === "touch") return;
  const mark = target.closest?.("a.claim");
  if (mark) open(mark);
  else if (card.contains(target)) clearTimeout(leaving);
  else if (shown) later();
});
document.addEventListener("focusin", ({ target }) => {
  const mark = target.closest?.("a.claim");
  if (mark?.matches(":focus-visible")) open(mark);
  else if (!card.contains(target)) close();
});
document.addEventListener("click", (event) => {
  const mark = event.target.closest?.("a.claim");
  if (mark) {
    event.preventDefault();
    open(mark);
  } else if (!card.contains(event.target)) close();
});
document.addEventListener("keydown", ({ key }) => key === "Escape" && close());

function open(mark) {
  clearTimeout(leaving);
  if (shown === mark && !card.hidden) return;
  const lines = document.getElementById(mark.hash.slice(1));
  if (!lines) return;
  card.replaceChildren(...[...lines.childNodes].map((node) => node.cloneNode(true)));
  card.querySelector("blockquote")?.remove(); // the words themselves, which are being pointed at
  card.dataset.state = mark.dataset.state;
  const bubble = mark.closest(".bubble");
  bubble.append(card);
  card.hidden = false;
  const [line] = [...mark.getClientRects()].slice(-1);
  card.style.top = `${line.bottom - bubble.getBoundingClientRect().top + 4}px`;
  shown = mark;
}

function later() {
  clearTimeout(leaving);
  leaving = setTimeout(close, GRACE);
}

function close() {
  card.hidden = true;
  shown = null;
}
