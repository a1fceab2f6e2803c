// The HTTP API, v1. Every failure is an Error whose message can be shown to the rep.

export class Problem extends Error {
  constructor(problem, status = 0) {
    super(problem.detail || problem.title || "Something went wrong. Try again.");
    this.status = problem.status || status;
  }
}

async function send(path, options) {
  let response;
  try {
    response = await fetch(path, options);
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Problem({ detail: "The coach can’t be reached. Is it still running? Then send again." });
  }
  if (response.ok) return response;
  throw new Problem(await response.json().catch(() => ({})), response.status);
}

const posting = (body, accept, signal) => ({
  method: "POST",
  headers: { "Content-Type": "application/json", Accept: accept },
  body: JSON.stringify(body),
  signal,
});

export const get = async (path) => (await send(path, { headers: { Accept: "application/json" } })).json();

export const post = async (path, body, signal) => (await send(path, posting(body, "application/json", signal))).json();

/** Posts and yields the server's events as `{event, data}`; ends when the stream ends. */
export async function* stream(path, body, signal) {
  yield* eventsOf(await send(path, posting(body, "text/event-stream", signal)));
}

/** The events of a turn that come after the one with the id `seen`; none when that was the last. */
export async function* rest(path, seen) {
  const response = await send(path, { headers: { Accept: "text/event-stream", "Last-Event-ID": seen } });
  if (response.status !== 204) yield* eventsOf(response);
}

async function* eventsOf(response) {
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      const lines = (rest + value).split(/\r\n\r\n|\n\n|\r\r/);
      rest = lines.pop();
      for (const block of lines) {
        const event = parse(block);
        if (event) yield event;
      }
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}

function parse(block) {
  let event = "message";
  let id = "";
  const data = [];
  for (const line of block.split(/\r\n|\n|\r/)) {
    if (line.startsWith("event:")) event = line.slice(6).trim();
    else if (line.startsWith("id:")) id = line.slice(3).trim();
    else if (line.startsWith("data:")) data.push(line.slice(5).replace(/^ /, ""));
  }
  return data.length ? { event, id, data: JSON.parse(data.join("\n")) } : null;
}
