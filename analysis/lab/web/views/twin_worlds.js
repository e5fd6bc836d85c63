// What several worlds say, before the one that is shown: a dot for each seed, and the interval of the difference.

import { el, svg } from "lab/parts.js";
import { worldsOf } from "lab/views/twin_measures.js";
import { said } from "lab/views/twin_parts.js";

const WIDE = 1100, NARROW = 340, SIDE = 40, LETTERS = 24, MARK = 13; // of the drawing, in its own units: widths, free at the sides, a line of words, a mark
const SYMBOLS = { left: "●", right: "■", difference: "◆" }, ROWS = Object.keys(SYMBOLS);

/** A card: many worlds in dots and a sentence, or that there is only one; {node, show(hour)}. What happened at the end stays folded until then. */
export function worldsPanel(lab) {
  const found = worldsOf(lab.reel, lab.left, lab.right);
  const many = lab.left !== lab.right && found.pairs.length > 1;
  const body = many ? [...sentences(lab, found), picture(lab, found)] : lab.left === lab.right ? [el("p", {}, lab.t("twins.same_arm"))] : oneWorld(lab);
  const hint = many ? el("span", { class: "soft" }, ` ${lab.t("twins.guess_first")}`) : "";
  const node = el("details", { class: "card worlds", open: !many, data: { part: many ? "several" : "several marks" } }, el("summary", {}, el("h2", {}, lab.t("twins.worlds")), hint), body);
  let over = false;
  return {
    node,
    show(hour) {
      const now = hour >= lab.clock.hours - 1;
      if (now && !over) node.open = true;
      over = now;
    },
  };
}

function oneWorld(lab) {
  return [el("p", {}, said(lab, "twins.one_world", { seed: String(lab.reel.seed) })), lab.reel.command ? el("p", {}, el("code", {}, lab.reel.command)) : null];
}

const digits = (value) => (Math.abs(value) < 1 ? 2 : 1);

function sentences(lab, { pairs, mean, low, high }) {
  const number = (value) => lab.words.number(value, digits(value));
  const average = (side) => number(pairs.reduce((sum, pair) => sum + pair[side], 0) / pairs.length);
  const values = { n: pairs.length, left: average("left"), right: average("right"), mean: number(mean), low: number(low), high: number(high), candidate: lab.reel.candidate };
  const shown = pairs.find((pair) => pair.seed === lab.reel.seed);
  const place = shown ? 1 + pairs.filter((pair) => pair.difference > shown.difference).length : null;
  return [
    el("p", { class: "big" }, said(lab, "twins.many", values)),
    el("p", {}, said(lab, "twins.many_interval", values), " ", lab.t(low > 0 || high < 0 ? "twins.many_agree" : "twins.many_disagree")),
    shown ? el("p", {}, said(lab, "twins.this_world", { n: pairs.length, place: String(place), difference: number(shown.difference) })) : null,
  ];
}

/** Where marks stand above and below the middle of their row: side by side where they would lie on each other. */
function besides(places, size) {
  const set = [];
  for (const [i, x] of [...places.entries()].sort((one, other) => one[1] - other[1])) {
    const free = (y) => set.every((mark) => Math.hypot(mark.x - x, mark.y - y) >= size - 0.5);
    const ways = Array.from({ length: 2 * places.length }, (_, n) => (n % 2 ? -1 : 1) * Math.ceil(n / 2) * size);
    set.push({ i, x, y: ways.find(free) });
  }
  return set.sort((one, other) => one.i - other.i).map((mark) => mark.y);
}

/** Two rows of marks, joined where they are one seed, and a third of differences with the interval. */
function picture(lab, found) {
  const { pairs, mean, low, high } = found, all = pairs.flatMap((pair) => [pair.left, pair.right, pair.difference]).concat([0, low, high]);
  const [least, most] = [Math.min(...all), Math.max(...all)];
  const width = matchMedia("(max-width: 40rem)").matches ? NARROW : WIDE;
  const x = (value) => SIDE + ((value - least) / (most - least || 1)) * (width - 2 * SIDE);
  let top = 0;
  const rows = Object.fromEntries(ROWS.map((name) => {
    const beside = besides(pairs.map((pair) => x(pair[name])), MARK + 2), high = Math.max(...beside.map(Math.abs)) + MARK / 2;
    const row = { top, middle: top + LETTERS + high + 4, foot: top + LETTERS + 2 * high + 8, beside };
    top = row.foot + LETTERS + (name === "difference" ? 18 : 4);
    return [name, row];
  }));
  const node = svg("svg", { viewBox: `0 0 ${width} ${top}`, role: "img", "aria-label": lab.t("twins.worlds_picture", { n: pairs.length }) });
  node.append(svg("line", { class: "zero", x1: x(0), x2: x(0), y1: 0, y2: top }));
  const order = pairs.map((_, i) => i).sort((one) => (pairs[one].seed === lab.reel.seed ? 1 : -1)); // ours lies on the others
  for (const i of order) node.append(...marksOf(pairs[i], x, (name) => rows[name].middle + rows[name].beside[i], pairs[i].seed === lab.reel.seed ? " ours" : ""));
  const under = rows.difference.foot + 8;
  node.append(svg("line", { class: "interval", x1: x(low), x2: x(high), y1: under, y2: under }), svg("line", { class: "interval", x1: x(mean), x2: x(mean), y1: under - 7, y2: under + 7 }));
  for (const name of ROWS) node.append(...labelsOf(lab, name, pairs.map((pair) => pair[name]), x, rows[name], name === "difference" ? 16 : 0));
  return el("figure", { data: { part: "marks" } }, node, el("figcaption", {}, key(lab)));
}

/** One world: its dot, its square, the line between them, and the diamond of its difference. */
function marksOf(pair, x, y, ours) {
  return [
    svg("line", { class: `join${ours}`, x1: x(pair.left), x2: x(pair.right), y1: y("left"), y2: y("right") }),
    svg("circle", { class: `left${ours}`, cx: x(pair.left), cy: y("left"), r: MARK / 2 }),
    svg("rect", { class: `right${ours}`, x: x(pair.right) - MARK / 2, y: y("right") - MARK / 2, width: MARK, height: MARK }),
    svg("path", { class: `difference${ours}`, d: `M${x(pair.difference)} ${y("difference") - 8}l8 8l-8 8l-8-8z` }),
  ];
}

/** What a row is, and its lowest and highest value. */
function labelsOf(lab, name, values, x, row, lower) {
  const text = (at, y, anchor, said) => svg("text", { x: at, y, "text-anchor": anchor }, said);
  const [least, most] = [Math.min(...values), Math.max(...values)], told = (value) => lab.words.number(value, digits(value)), y = row.foot + lower + 14;
  const ends = told(least) === told(most) || x(most) - x(least) < 60 ? [text(x(least), y, "middle", told(least) === told(most) ? told(least) : `${told(least)} … ${told(most)}`)]
    : [text(x(least), y, "middle", told(least)), text(x(most), y, "middle", told(most))];
  return [text(SIDE / 4, row.top + 16, "start", `${SYMBOLS[name]} ${lab.t(name === "difference" ? "twins.difference_short" : `ui.${name}`)}`), ...ends];
}

function key(lab) {
  return el("ul", { class: "keys" },
    el("li", {}, el("span", { class: "left-ink" }, `${SYMBOLS.left} ${lab.t("ui.left")}`), `: ${lab.armName(lab.left)}`),
    el("li", {}, el("span", { class: "right-ink" }, `${SYMBOLS.right} ${lab.t("ui.right")}`), `: ${lab.armName(lab.right)}`),
    el("li", {}, `${SYMBOLS.difference} ${lab.t("twins.difference")}`));
}

/** The rows of the same dots, for the numbers behind the picture. */
export function worldRows(lab) {
  return worldsOf(lab.reel, lab.left, lab.right).pairs.map((pair) => [
    String(pair.seed), ...[pair.left, pair.right, pair.difference].map((value) => lab.words.number(value, 2)),
  ]);
}
