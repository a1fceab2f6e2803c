// Elements from untrusted text: strings become text nodes, never markup.

export const labels = JSON.parse(document.body.dataset.labels);

/** `el("p.tip", {id: "x"}, "text", child)`; empty children are left out. */
export function el(kind, attributes = {}, ...children) {
  const [tag, ...classes] = kind.split(".");
  const node = document.createElement(tag);
  if (classes.length) node.className = classes.join(" ");
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== ""));
  return node;
}

export const byId = (id) => document.getElementById(id);

/** Shows `text` in `node`, or hides the node when there is none. */
export function show(node, text) {
  node.textContent = text;
  node.hidden = !text;
}

export const LIMIT = 8000; // Unicode code points, as the service counts them

/** Keeps `counter` saying how much room is left, once that matters. */
export function countInto(field, counter) {
  const update = () => {
    const left = LIMIT - (field.value.length < LIMIT / 2 ? field.value.length : Array.from(field.value).length);
    show(counter, left < 0 ? `${-left} characters too many` : left <= 500 ? `${left} characters left` : "");
    counter.classList.toggle("over", left < 0);
  };
  field.addEventListener("input", update);
  update();
}
