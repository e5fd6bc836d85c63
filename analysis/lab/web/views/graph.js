// Who follows whom among a few hundred people, and how the candidate comes to them, in both worlds.

import { el, numbersBehind, table } from "lab/parts.js";
import { DAY } from "lab/views/twin_measures.js";
import { NEVER, orderOf, sharedHours, WAYS, waysAt } from "lab/views/spread.js";
import { colour, opening, said, SHAPES, shapeKey, surface, titled, worldName, write } from "lab/views/twin_parts.js";

const MARGIN = 14; // pixels around the drawing
const FAINT = 0.55, LIT = 0.14; // opacity of edges, and of those between people who have both seen
const FRESH = 8; // hours for which somebody new is drawn larger
const GROUPED = { shared: "triangle", followed: "square", trial: "disc", promoted: "disc", alike: "disc", before: "diamond" };
const SHOWN = ["followed", "shared", "promoted", "before"]; // one way for each shape of the key

export const view = {
  name: "graph",
  needs: ["film"],
  mount(root, lab, films) {
    const hours = lab.reel.calendar.hours;
    const worlds = films.map((film, place) => ({ film, side: place ? "right" : "left", spread: orderOf(film, hours), both: sharedHours(film, lab.reel.graph.edges) }));
    const nets = worlds.map((world) => netOf(lab, world));
    const summary = el("p", { class: "big" });
    let now = lab.clock.hour;
    root.append(...opening(lab, "graph", { n: lab.reel.graph.account.length }), summary, key(lab),
      el("div", { class: "pair even", data: { part: "nets" } }, nets.map((net) => net.node)),
      numbersBehind(lab.t("ui.numbers"), () => dayTable(lab, worlds, now)));
    return {
      show(hour, exact = hour) {
        now = hour;
        const [left, right] = worlds.map((world) => world.spread.by[hour]);
        write(summary, lab.t("graph.summary", { candidate: lab.reel.candidate, all: lab.reel.graph.account.length, n: lab.reel.graph.account.length, left, right, when: lab.when(hour) }));
        for (const net of nets) net.show(hour, exact);
      },
      rows: () => rowsOf(lab, worlds, now),
      canvas: () => titled(lab, nets.map((net, place) => [net.canvas, `${lab.t(`ui.${worlds[place].side}`)}: ${lab.t("graph.seen", { n: worlds[place].spread.by[now], candidate: lab.reel.candidate })}`]), notesOf(lab)),
      leave: () => nets.forEach((net) => net.leave()),
    };
  },
};

const SIGNS = { followed: "■", shared: "▲", promoted: "●", before: "◆" };

/** The key in words, for a picture that is taken away. */
const notesOf = (lab) => [["followed", "shared"], ["promoted", "before"]].map((ways) =>
  ways.map((way) => `${SIGNS[way]} ${lab.t(`graph.key_${way}`, { candidate: lab.reel.candidate })}`).join("   "));

function key(lab) {
  return el("ul", { class: "keys" },
    el("li", {}, shapeKey("disc", "--faint", false), lab.t("graph.not_seen", { candidate: lab.reel.candidate })),
    SHOWN.map((way) => el("li", {}, shapeKey(GROUPED[way], "--ink"), lab.t(`graph.key_${way}`, { candidate: lab.reel.candidate }))),
    officials(lab).some(Boolean) ? el("li", {}, shapeKey("star", "--ink"), lab.t("graph.key_official")) : null);
}

/** Whether each node is a candidate's own account, which everybody can see that it is. */
function officials(lab) {
  const kind = lab.cast.about.kinds.indexOf("official");
  return lab.reel.graph.account.map((account) => lab.cast.columns.kind[account] === kind);
}

/** One world's net: edges lie on two sheets that are kept, the faint ones and those between people who have both seen. */
function netOf(lab, world) {
  const { film, spread, both, side } = world, { x, y, edges } = lab.reel.graph, own = officials(lab);
  const sheets = { size: "", faint: null, lit: null, until: -1 };
  let [hour, exact] = [lab.clock.hour, lab.clock.hour];
  const drawn = surface(420, lab.t(`graph.picture_${side}`), (context, width, height) => {
    const place = (node) => [MARGIN + x[node] * (width - 2 * MARGIN), MARGIN + y[node] * (height - 2 * MARGIN)];
    keepSheets(sheets, context.canvas, edges, place, both, hour, side);
    context.save();
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.drawImage(sheets.faint.canvas, 0, 0);
    context.drawImage(sheets.lit.canvas, 0, 0);
    context.restore();
    drawUnseen(context, film, own, place, hour);
    drawSeen(context, film, spread, own, place, hour, exact, side);
  }, () => (sheets.size = ""));
  const ways = el("p", {});
  return {
    node: el("section", { class: "card" }, worldName(lab, side), el("div", {}, ways, drawn.canvas)),
    canvas: drawn.canvas,
    show(nextHour, nextExact) {
      const fresh = spread.order[spread.by[nextHour] - 1];
      const still = nextHour === hour && sheets.size && !(fresh !== undefined && nextExact - film.columns.saw_hour[fresh] < FRESH + 1);
      [hour, exact] = [nextHour, nextExact];
      if (still) return;
      write(ways, sentenceOf(lab, waysAt(film, spread, hour)));
      drawn.redraw();
    },
    leave: () => drawn.leave(),
  };
}

const sentenceOf = (lab, ways) => lab.t("graph.ways", { ...ways, n: ways.seen, recommended: ways.trial + ways.promoted + ways.alike, candidate: lab.reel.candidate });

/** Draw what is new on the sheets of edges; all anew where the size has changed or the clock went back. */
function keepSheets(sheets, canvas, edges, place, both, hour, side) {
  const size = `${canvas.width} ${canvas.height}`, ratio = devicePixelRatio || 1;
  if (sheets.size !== size) {
    Object.assign(sheets, { size, faint: sheet(canvas, ratio), lit: null, until: -1 });
    stroke(sheets.faint, edges, place, () => true, colour("--line"), 0.6, FAINT);
  }
  if (!sheets.lit || hour < sheets.until) Object.assign(sheets, { lit: sheet(canvas, ratio), until: -1 });
  if (hour > sheets.until) stroke(sheets.lit, edges, place, (_, edge) => both[edge] > sheets.until && both[edge] <= hour, colour(`--${side}`), 1, LIT);
  sheets.until = hour;
}

function sheet(canvas, ratio) {
  const context = new OffscreenCanvas(canvas.width, canvas.height).getContext("2d");
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  return context;
}

function stroke(context, edges, place, chosen, ink, width, alpha) {
  Object.assign(context, { strokeStyle: ink, lineWidth: width, globalAlpha: alpha });
  context.beginPath();
  edges.forEach(([one, other], edge) => {
    if (!chosen(other, edge)) return;
    context.moveTo(...place(one));
    context.lineTo(...place(other));
  });
  context.stroke();
}

function drawUnseen(context, film, own, place, hour) {
  const saw = film.columns.saw_hour;
  Object.assign(context, { strokeStyle: colour("--faint"), fillStyle: colour("--raised"), lineWidth: 1.2 });
  context.beginPath();
  for (let node = 0; node < saw.length; node += 1)
    if (saw[node] === NEVER || saw[node] > hour) SHAPES[own[node] ? "star" : "disc"](context, ...place(node), own[node] ? 7 : 3.2);
  context.fill();
  context.stroke();
}

/** Those who have seen: in one path, and over it the newest, which are larger for a while. */
function drawSeen(context, film, spread, own, place, hour, exact, side) {
  const { saw_hour: saw, saw_why: why } = film.columns, count = spread.by[hour];
  let settled = count;
  while (settled > 0 && saw[spread.order[settled - 1]] > exact - FRESH) settled -= 1;
  const add = (node, size) => SHAPES[own[node] ? "star" : GROUPED[WAYS[why[node]]]](context, ...place(node), own[node] ? size + 2 : size);
  const paint = (edge) => {
    context.strokeStyle = colour(edge);
    context.fill();
    context.stroke();
  };
  Object.assign(context, { fillStyle: colour(`--${side}`), lineWidth: 1.6 });
  context.beginPath();
  for (let n = 0; n < settled; n += 1) add(spread.order[n], 5);
  paint("--raised");
  for (let n = settled; n < count; n += 1) {
    context.beginPath();
    add(spread.order[n], 11 - (6 * (exact - saw[spread.order[n]])) / FRESH);
    paint("--ink");
  }
}

/** How many had seen the candidate at the end of each day up to now, by which way, in both worlds. */
function dayTable(lab, worlds, now) {
  const names = ["seen", ...WAYS];
  const heads = [lab.t("twins.until"), ...worlds.flatMap((world) => names.map((name) => `${lab.t(`ui.${world.side}`)}: ${lab.t(`graph.head_${name}`)}`))];
  const hours = [...new Set([...Array.from({ length: Math.floor(now / DAY) }, (_, day) => day * DAY + DAY - 1), now])];
  const rows = hours.map((hour) => [lab.when(hour), ...worlds.flatMap((world) => {
    const ways = waysAt(world.film, world.spread, hour);
    return names.map((name) => lab.words.number(ways[name]));
  })]);
  return el("div", {}, el("p", {}, said(lab, "graph.table_says")), table(lab.t("graph.by_day"), heads, rows));
}

function rowsOf(lab, worlds, now) {
  const rows = [["world", "campaign", "moderation", "account", "first_saw_hour", "way"]];
  worlds.forEach(({ film, spread, side }, place) => {
    const { campaign, moderation } = lab.armOf(lab[side]);
    for (const node of spread.order.slice(0, spread.by[now]))
      rows.push([place + 1, campaign, moderation, lab.reel.graph.account[node], film.columns.saw_hour[node], WAYS[film.columns.saw_why[node]]]);
  });
  return rows;
}
