// What the views of two worlds side by side have in common: their first lines, names of worlds, keys, shapes and patterns.

import { drawing, el, letters, rich, styleOf } from "lab/parts.js";

const TERMS = ["views", "people", "share", "rank", "seed", "interval", "same", "gained", "country", "stage", "sanction", "wrong", "ways", "follows"];

/** A text with words that are explained from this section's own terms, as nodes. */
export function said(lab, key, values) {
  return rich(lab.t(key, values), Object.fromEntries(TERMS.map((term) => [term, lab.t(`twins.terms.${term}`)])));
}

/** The same text without its explanations. */
export const plain = (lab, key, values) => lab.t(key, { candidate: lab.reel.candidate, ...values }).replace(/\[([^\]|]+)(?:\|([^\]]+))?\]/g, (_, term, words) => words ?? term);

/** What is seen here, and one question to ask: the first lines of a view. */
export const opening = (lab, view, values = {}) => [
  el("p", { class: "lead" }, said(lab, `${view}.lead`, { candidate: lab.reel.candidate, ...values })),
  el("p", { class: "ask" }, said(lab, `${view}.question`, { candidate: lab.reel.candidate, ...values })),
];

/** 'World 1' with its key, and what it is. */
export function worldName(lab, side, tag = "h2") {
  return el(tag, { class: `world ${side}-ink` },
    el("span", { class: `key ${side}`, "aria-hidden": "true" }), " ", lab.t(`ui.${side}`), ": ", lab.armName(lab[side]));
}

/** Whether the two worlds differ by a campaign alone: the left one without, the right one with. */
export function isTwin(lab) {
  const [left, right] = [lab.armOf(lab.left), lab.armOf(lab.right)];
  return left.campaign === "quiet" && right.campaign !== "quiet" && left.moderation === right.moderation;
}

/** Write a text into a node if it has changed. */
export function write(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/** Euros, without cents where they are many. */
export const euros = (lab, value) => lab.t("money.euros", { amount: lab.words.number(value, Math.abs(value) < 10 ? 2 : 0) });

const colours = new Map(); // as they are now, since to ask the style sheet once a picture is dear

/** A colour of the style sheet. */
export function colour(name) {
  if (!colours.has(name)) colours.set(name, styleOf(name));
  return colours.get(name);
}

const dark = matchMedia("(prefers-color-scheme: dark)");

/** Call fn when the page turns light or dark; returns what ends that. */
function onTheme(fn) {
  dark.addEventListener("change", fn);
  document.addEventListener("theme", fn);
  return () => {
    dark.removeEventListener("change", fn);
    document.removeEventListener("theme", fn);
  };
}

onTheme(() => { // before anybody who draws is told, since this module is read first
  colours.clear();
  for (const canvas of document.querySelectorAll("canvas[data-key]")) paintKey(canvas);
});

/** A drawing that is drawn anew when the page turns light or dark; see `drawing`. `before` is called first then. */
export function surface(height, label, draw, before = () => {}) {
  const made = drawing(height, label, draw), off = onTheme(() => {
    before();
    made.redraw();
  });
  return { ...made, leave: () => { off(); made.leave(); } };
}

/** Pictures to take away, each with its words above it: pairs of a canvas, or null, and a text; the two worlds are named first, then come notes. */
export function titled(lab, pictures, notes = []) {
  const there = pictures.filter(([canvas]) => canvas), width = Math.max(1, ...there.map(([canvas]) => canvas.width));
  const names = ["left", "right"].map((side) => [side, `${lab.t(`ui.${side}`)}: ${lab.armName(lab[side])}`]);
  return [...names.map(([side, text]) => words(text, width, side)), ...notes.map((text) => words(text, width)), ...there.flatMap(([canvas, text]) => [words(text, width), canvas])];
}

/** A line of words as a canvas; with the key of a world where it names one. */
function words(text, width, side = null) {
  const size = 1.1 * letters() * (devicePixelRatio || 1), context = new OffscreenCanvas(width, Math.ceil(1.5 * size)).getContext("2d");
  Object.assign(context, { font: `600 ${size}px ${colour("--font")}`, fillStyle: colour(side ? `--${side}` : "--ink"), textBaseline: "middle" });
  const left = side ? 3.2 * size : 0.4 * size;
  if (side) {
    Object.assign(context, { strokeStyle: colour(`--${side}`), lineWidth: size / 4 });
    context.setLineDash(side === "right" ? [size / 2, size / 4] : []);
    stripes(context, [[0.4 * size, 0.75 * size, 2.8 * size, 0.75 * size]]);
  }
  context.fillText(text, left, 0.8 * size, width - left);
  return context.canvas;
}

/** The shapes by which things are told apart, around a point; to be filled or outlined. */
export const SHAPES = {
  disc: (context, x, y, size) => {
    context.moveTo(x + size, y);
    context.arc(x, y, size, 0, 2 * Math.PI);
  },
  square: (context, x, y, size) => context.rect(x - 0.9 * size, y - 0.9 * size, 1.8 * size, 1.8 * size),
  triangle: (context, x, y, size) => polygon(context, x, y, 1.25 * size, 3, 1),
  diamond: (context, x, y, size) => polygon(context, x, y, 1.2 * size, 4, 1),
  star: (context, x, y, size) => polygon(context, x, y, 1.5 * size, 10, 0.45),
};

function polygon(context, x, y, size, corners, inner) {
  for (let corner = 0; corner < corners; corner += 1) {
    const angle = (2 * Math.PI * corner) / corners - Math.PI / 2, far = corner % 2 ? size * inner : size;
    context[corner ? "lineTo" : "moveTo"](x + far * Math.cos(angle), y + far * Math.sin(angle));
  }
  context.closePath();
}

/** A small picture of a shape for a key. */
export const shapeKey = (shape, ink, filled = true) => keyOf("shape", 36, 36, { key: "shape", shape, ink, filled });

/** A small picture of the n-th pattern for a key. */
export const patternKey = (n) => keyOf("swatch", 48, 30, { key: "pattern", n });

function keyOf(name, width, height, data) {
  const canvas = el("canvas", { class: name, width, height, data, "aria-hidden": "true" });
  paintKey(canvas);
  return canvas;
}

/** Draw a small picture of a key, as its data say. */
function paintKey(canvas) {
  const context = canvas.getContext("2d"), { key, shape, ink, filled, n } = canvas.dataset;
  context.clearRect(0, 0, canvas.width, canvas.height);
  context.lineWidth = 4;
  if (key === "pattern") {
    context.fillStyle = pattern(context, Number(n), 1.5);
    context.strokeStyle = hueOf(Number(n));
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.strokeRect(0, 0, canvas.width, canvas.height);
    return;
  }
  context.fillStyle = context.strokeStyle = colour(ink);
  context.beginPath();
  SHAPES[shape](context, canvas.width / 2, canvas.height / 2, 11);
  filled === "true" ? context.fill() : context.stroke();
}

const PATTERNS = [
  (context, size) => stripes(context, [[0, size, size, 0]]),
  (context, size) => dot(context, size / 2, size / 2, size / 5),
  (context, size) => stripes(context, [[0, size / 2, size, size / 2]]),
  (context, size) => stripes(context, [[0, 0, size, size], [0, size, size, 0]]),
  (context, size) => stripes(context, [[size / 2, 0, size / 2, size]]),
  () => {},
];
const HUES = ["--left", "--right", "--good", "--alert", "--soft-ink", "--accent"];

function stripes(context, lines) {
  context.beginPath();
  for (const [x, y, toX, toY] of lines) {
    context.moveTo(x, y);
    context.lineTo(toX, toY);
  }
  context.stroke();
}

function dot(context, x, y, size) {
  context.beginPath();
  context.arc(x, y, size, 0, 2 * Math.PI);
  context.fill();
}

/** A pattern on the page's ground, the n-th of six that are told apart without colour. scale: pixels of the canvas a pixel of the page. */
export function pattern(context, n, scale = 1) {
  const size = 10 * scale, tile = new OffscreenCanvas(size, size), drawn = tile.getContext("2d"), hue = colour(HUES[n % HUES.length]);
  drawn.fillStyle = colour("--raised");
  drawn.fillRect(0, 0, size, size);
  drawn.globalAlpha = n % PATTERNS.length === PATTERNS.length - 1 ? 0.8 : 0.25;
  drawn.fillStyle = drawn.strokeStyle = hue;
  drawn.fillRect(0, 0, size, size);
  drawn.globalAlpha = 1;
  drawn.lineWidth = 2.4 * scale;
  PATTERNS[n % PATTERNS.length](drawn, size);
  return context.createPattern(tile, "repeat");
}

/** The colour of the edge of the n-th pattern. */
export const hueOf = (n) => colour(HUES[n % HUES.length]);
