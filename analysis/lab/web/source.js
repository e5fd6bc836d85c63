// Where the page has its data from: the file that it stands in (a replay), or this machine's server (the lab).

import { headers } from "lab/token.js";

const inline = (id) => document.getElementById(id);

/** Whether this page is a replay: one file that asks nobody for anything. */
export const isReplay = inline("reel.json") !== null;

function bytesOf(text) {
  if (Uint8Array.fromBase64) return Uint8Array.fromBase64(text);
  return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
}

async function fetched(path) {
  const answer = await fetch(path, { cache: "no-store", headers: headers() });
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
  return answer;
}

/** All texts of a language. */
export async function wordsOf(language) {
  const here = inline(`words/${language}.json`);
  return here ? JSON.parse(here.textContent) : (await fetched(`/web/words/${language}.json`)).json();
}

/** The head of a reel; see sim/runs/film. */
export async function reelOf(id) {
  const here = inline("reel.json");
  return here ? JSON.parse(here.textContent) : (await fetched(`/reels/${id}/reel.json`)).json();
}

/** The bytes of one part of a reel. */
export async function partOf(id, name) {
  const here = inline(`part/${name}`);
  return here ? bytesOf(here.textContent.trim()) : (await fetched(`/reels/${id}/${name}`)).arrayBuffer();
}

/** A document that the page brings along as data, such as the lessons' plan. */
export async function planOf(name) {
  const here = inline(`plans/${name}.json`);
  return here ? JSON.parse(here.textContent) : (await fetched(`/web/plans/${name}.json`)).json();
}
