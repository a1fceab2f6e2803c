// Speaking instead of typing, and hearing the buyer: only where the browser offers it.

import { byId } from "./dom.js";

const Recognition = window.SpeechRecognition ?? window.webkitSpeechRecognition;
const field = byId("text");
const LANGUAGE = document.documentElement.lang;
const KEPT = "read-aloud";

if (field && Recognition) dictation(byId("dictate"));
if (field && window.speechSynthesis) reading(byId("aloud"));

function dictation(button) {
  const problem = byId("problem");
  const hearing = new Recognition();
  Object.assign(hearing, { lang: LANGUAGE, continuous: true, interimResults: false });
  let on = false;
  button.hidden = false;
  button.addEventListener("click", () => (on ? hearing.stop() : hearing.start()));
  hearing.onstart = () => pressed(button, (on = true));
  hearing.onend = () => pressed(button, (on = false));
  hearing.onresult = ({ results, resultIndex }) => {
    for (const result of [...results].slice(resultIndex)) if (result.isFinal) write(result[0].transcript);
  };
  hearing.onerror = ({ error }) => {
    if (["no-speech", "aborted"].includes(error)) return;
    problem.textContent = `Dictation isn’t available (${error}). Allow the microphone, or type.`;
    problem.hidden = false;
  };
  byId("composer").addEventListener("submit", () => on && hearing.stop());
}

function write(words) {
  const before = field.value && !/\s$/.test(field.value) ? `${field.value} ` : field.value;
  field.value = before + words.trim();
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

function reading(button) {
  let on = recall();
  button.hidden = false;
  pressed(button, on);
  button.addEventListener("click", () => {
    pressed(button, (on = !on));
    keep(on);
    if (!on) speechSynthesis.cancel();
  });
  addEventListener("buyer-said", ({ detail }) => {
    if (!on) return;
    speechSynthesis.cancel();
    speechSynthesis.speak(Object.assign(new SpeechSynthesisUtterance(detail), { lang: LANGUAGE }));
  });
  addEventListener("pagehide", () => speechSynthesis.cancel());
}

function pressed(button, on) {
  button.setAttribute("aria-pressed", String(on));
}

function recall() {
  try {
    return localStorage.getItem(KEPT) === "yes";
  } catch {
    return false; // a browser that keeps nothing
  }
}

function keep(on) {
  try {
    localStorage.setItem(KEPT, on ? "yes" : "no");
  } catch {
    // then it holds for this page
  }
}
