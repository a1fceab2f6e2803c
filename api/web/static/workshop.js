// Follows a workshop: when the server says that something changed, the live part is fetched anew.

const part = document.getElementById("part");
let waiting = false;
let again = false;

/** What somebody chose or has the focus in stays as it is. */
function restore(fresh, chosen, focused) {
  for (const value of chosen) {
    const field = fresh.querySelector(`input[name="option"][value="${CSS.escape(value)}"]`);
    if (field) field.checked = true;
  }
  if (focused) fresh.querySelector(focused)?.focus();
}

async function refresh() {
  if (waiting) {
    again = true;
    return;
  }
  waiting = true;
  try {
    const response = await fetch(part.dataset.part, { headers: { Accept: "text/html" } });
    if (response.ok) {
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      const chosen = [...part.querySelectorAll('input[name="option"]:checked')].map((field) => field.value);
      const active = part.contains(document.activeElement) ? document.activeElement : null;
      const focused = active?.value ? `${active.localName}[value="${CSS.escape(active.value)}"]` : "";
      part.replaceChildren(...page.body.childNodes);
      restore(part, chosen, focused);
    } else if (response.status === 404) {
      location.reload();
    }
  } catch {
    // The stream tells when the server is back; what is shown until then is what was known.
  }
  waiting = false;
  if (again) {
    again = false;
    refresh();
  }
}

if (part) {
  const events = new EventSource(part.dataset.follow);
  let first = true;
  let state = "";
  events.addEventListener("changed", (event) => {
    const told = JSON.parse(event.data).state;
    const head = document.querySelector(".page-board .ws-top");
    if (!first && head && state && told !== state) location.reload(); // its buttons are others now
    else if (!first) refresh();
    first = false;
    state = told;
  });
  events.addEventListener("error", () => {
    first = false; // after a break the page may be old
  });
}
