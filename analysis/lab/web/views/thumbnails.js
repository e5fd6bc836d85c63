// Small, calm drawings for posts: one form for each of the eight subjects, varied by the post's key. Nothing but code draws them.

import { el, svg } from "lab/parts.js";

const WIDTH = 160, HEIGHT = 90;

/** A number in [0, 1) from three bits of a key. */
const part = (key, which) => ((key >>> (3 * which)) & 7) / 8;

const round = (x, y, r, kind) => svg("circle", { cx: x, cy: y, r, class: kind });
const box = (x, y, width, height, kind, rx = 3) => svg("rect", { x, y, width, height, rx, class: kind });
const line = (d, kind = "stroke") => svg("path", { d, class: kind });

/** Music: bars of a sound. */
const music = (key) => Array.from({ length: 9 }, (_, i) => {
  const tall = 14 + 48 * part(key, i % 7);
  return box(26 + 12.5 * i, 45 - tall / 2, 7, tall, i % 2 ? "pale" : "deep", 3.5);
});

/** Cooking: a bowl that steams. */
function cooking(key) {
  const steam = [60, 80, 100].slice(0, 2 + (key & 1)).map((x, i) => line(`M${x} 36q-6 -${6 + 4 * part(key, i)} 0 -12t0 -12`));
  return [...steam, line("M38 40H122A42 34 0 0 1 38 40Z", "deep"), box(60, 72, 40, 5, "pale")];
}

/** Sport: a ball over a line, and the way it came. */
function sport(key) {
  const x = 92 + 40 * part(key, 0), y = 30 + 20 * part(key, 1);
  return [line("M0 76H160"), line(`M14 76Q${x / 2} ${y - 40} ${x} ${y}`, "dots"), round(x, y, 17, "deep"),
    line(`M${x - 12} ${y - 12}Q${x} ${y} ${x - 12} ${y + 12}M${x + 12} ${y - 12}Q${x} ${y} ${x + 12} ${y + 12}`, "cut")];
}

/** Animals: a face with ears. */
function animals(key) {
  const x = 56 + 48 * part(key, 0), ears = 12 + 10 * part(key, 1);
  return [line("M0 77H160"), line(`M${x - 22} 48L${x - 20} ${34 - ears}L${x - 4} 32M${x + 22} 48L${x + 20} ${34 - ears}L${x + 4} 32`, "deep"), round(x, 54, 25, "deep"),
    round(x - 9, 50, 3, "ground"), round(x + 9, 50, 3, "ground"), line(`M${x - 6} 62q6 6 12 0`, "cut")];
}

/** Travel: a road to the horizon, and the sun. */
function travel(key) {
  const far = 56 + 48 * part(key, 0);
  return [round(24 + 112 * part(key, 1), 28, 13, "pale"), line("M0 48H160"), line(`M${far - 4} 48H${far + 4}L118 90H42Z`, "deep"),
    line(`M${far} 54L80 90`, "dash")];
}

/** Jokes: two balloons of a talk, one of which smiles. */
function jokes(key) {
  const x = 26 + 16 * part(key, 0), y = 14 + 8 * part(key, 1);
  return [box(x + 52, y + 22, 58, 34, "pale", 14), line(`M${x + 96} ${y + 52}l14 14l-2 -20Z`, "pale"), box(x, y, 64, 40, "deep", 16),
    line(`M${x + 12} ${y + 36}l-8 16l24 -14Z`, "deep"), line(`M${x + 20} ${y + 20}q12 14 24 0`, "cut")];
}

/** Science: ways around a middle. */
function science(key) {
  const turn = 60 * part(key, 0), orbit = (more) =>
    svg("ellipse", { cx: 80, cy: 45, rx: 33, ry: 11 + 5 * part(key, 1), class: "stroke", transform: `rotate(${turn + more} 80 45)` });
  return [orbit(0), orbit(60), orbit(120), round(80, 45, 7, "deep"), round(80 + 33 * Math.cos(turn / 57.3), 45 + 33 * Math.sin(turn / 57.3), 5, "deep")];
}

/** Making things: rows of a knitted pattern. */
const making = (key) => [16, 32, 48, 64, 80].map((y, i) => {
  const step = i % 2 === (key & 1) ? 10 : 20, high = 4 + 6 * part(key, i);
  let d = `M0 ${y}`;
  for (let x = step; x <= WIDTH; x += step) d += `L${x} ${(x / step) % 2 ? y - high : y}`;
  return line(d, i % 2 ? "thick" : "thick pale-line");
});

/** How many subjects there are; the drawing of each, in the order of the model's axes and of the words in "topics". */
export const SUBJECTS = 8;
const DRAWINGS = [music, cooking, sport, animals, travel, jokes, science, making];

/** The drawing of a post. letter: the candidate whom it names, on a badge; "" for none. It says nothing that the text does not. */
export function thumbnail(subject, key, letter = "") {
  const badge = letter ? [svg("rect", { x: 122, y: 16, width: 30, height: 30, rx: 8, class: "badge" }),
    svg("text", { x: 137, y: 38, "text-anchor": "middle", class: "letter" }, letter)] : [];
  return el("div", { class: `thumbnail subject-${subject}`, "aria-hidden": "true" },
    svg("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: "xMidYMid meet", focusable: "false" },
      box(0, 0, WIDTH, HEIGHT, "ground", 0), DRAWINGS[subject](key), badge));
}
