// What the lab's server on this machine can be asked. A replay has none.

import { save } from "lab/export.js";
import { isReplay } from "lab/source.js";
import { headers } from "lab/token.js";

/** Ask the server; an answer that is no success is an Error with the server's sentence and, where one is named, the field. */
async function ask(path, body) {
  const how = body === undefined ? { headers: headers() }
    : { method: "POST", headers: { ...headers(), "content-type": "application/json" }, body: JSON.stringify(body) };
  const answer = await fetch(path, { cache: "no-store", ...how });
  const said = answer.headers.get("content-type")?.includes("json") ? await answer.json() : await answer.blob();
  if (answer.ok) return said;
  throw Object.assign(new Error(said.sentence ?? `${answer.status}`), { field: said.field ?? null, status: answer.status });
}

/** Ask for a file, and let the reader keep it under a name. */
async function keep(path, name) {
  const content = await ask(path);
  save(name, content, content.type);
}

/** Follow a run: fn gets what the server sends, as it comes; {error: ""} where the stream breaks. Returns what ends it, and with it the run. */
function follow(path, fn) {
  const ended = new AbortController();
  let over = false;
  const hear = (said) => {
    if (over) return;
    over = "done" in said || "error" in said;
    fn(said);
  };
  read(path, ended.signal, hear).then(() => hear({ error: "" }), () => hear({ error: "" }));
  return () => {
    over = true;
    ended.abort();
  };
}

/** Read server-sent events: by fetch, since an EventSource sends no headers. */
async function read(path, signal, hear) {
  const answer = await fetch(path, { cache: "no-store", headers: headers(), signal });
  if (!answer.ok) return;
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    text += value;
    const parts = text.split("\n\n");
    text = parts.pop();
    for (const part of parts) if (part.startsWith("data: ")) hear(JSON.parse(part.slice("data: ".length)));
  }
}

/** The server, and who one is to it: {ask, keep, follow, role, shared, code}; null in a replay. */
export async function serverOf() {
  if (isReplay) return null;
  return { ask, keep, follow, ...(await ask("/whoami")) };
}
