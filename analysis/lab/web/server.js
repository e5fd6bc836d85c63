// What the lab's server on this machine can be asked. A replay has none.

import { isReplay } from "lab/source.js";

/** Ask the server; an answer that is no success is an Error with the server's sentence and, where one is named, the field. */
async function ask(path, body) {
  const how = body === undefined ? {} : { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
  const answer = await fetch(path, { cache: "no-store", ...how });
  const said = answer.headers.get("content-type")?.includes("json") ? await answer.json() : await answer.blob();
  if (answer.ok) return said;
  throw Object.assign(new Error(said.sentence ?? `${answer.status}`), { field: said.field ?? null, status: answer.status });
}

/** Follow a run: fn gets what the server sends, as it comes. Returns what ends it, and with it the run. */
function follow(path, fn) {
  const events = new EventSource(path);
  events.onmessage = (message) => {
    const said = JSON.parse(message.data);
    if (said.done || said.error) events.close();
    fn(said);
  };
  events.onerror = () => {
    if (events.readyState !== EventSource.CLOSED) events.close();
    fn({ error: "" });
  };
  return () => events.close();
}

/** The server, and who one is to it: {ask, follow, role, shared, code}; null in a replay. */
export async function serverOf() {
  if (isReplay) return null;
  return { ask, follow, ...(await ask("/whoami")) };
}
