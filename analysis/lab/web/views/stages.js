// The candidate's posts as the recommender tries them on larger and larger audiences, in both worlds.

import { el, letters, numbersBehind, table } from "lab/parts.js";
import { lifeOf } from "lab/views/stage_life.js";
import { DAY } from "lab/views/twin_measures.js";
import { BEFORE, countsAt, LEFT, livesOf, UNBORN } from "lab/views/stage_posts.js";
import { colour, opening, SHAPES, surface, titled, worldName } from "lab/views/twin_parts.js";

const MARKS = 40; // pixels; height of the part of a lane in which marks stand
const MOVING = 4; // hours that a mark takes from one lane to the next on the screen
const TURN = 0.618; // of the golden section: heights within a lane that do not fall together
const SIDE = 10; // pixels; free at the sides of a drawing
const NARROW = 32; // letters' heights; width below which lanes say less
const NEAR = 22; // pixels; how near a tap must be

export const view = {
  name: "stages",
  needs: ["film"],
  mount(root, lab, films) {
    const which = lab.reel.candidates.indexOf(lab.reel.candidate), hours = lab.reel.calendar.hours;
    const size = letters(), sizes = { size, top: 1.5 * size, lane: 1.5 * size + MARKS };
    const worlds = films.map((film, place) => ({ ...sizes, film, side: place ? "right" : "left", stages: film.about.stages, lives: livesOf(film, which, hours) }));
    root.append(...opening(lab, "stages"));
    if (worlds.every((world) => !world.stages)) {
      root.append(el("p", { class: "card" }, lab.t("stages.none")));
      return {};
    }
    const lanes = worlds.map((world) => lanesOf(lab, world));
    let now = lab.clock.hour;
    root.append(el("div", { class: "pair even", data: { part: "lanes" } }, lanes.map((one) => one.node)),
      numbersBehind(lab.t("ui.numbers"), () => countsTable(lab, worlds, now)));
    return {
      show(hour, exact) {
        now = hour;
        for (const one of lanes) one.show(hour, exact);
      },
      rows: () => rowsOf(lab, worlds, now),
      canvas: () => titled(lab, lanes.map((one, place) => [one.canvas, `${lab.t(`ui.${worlds[place].side}`)}: ${lab.t("views.stages")}`])),
      leave: () => lanes.forEach((one) => one.leave()),
    };
  },
};

/** What a lane is called, with the size of its audience where the film says it; -1 is the one in which posts wait. */
function laneName(lab, stage, { stages, film }) {
  const name = stage < 0 ? "waiting" : stage === 0 ? "first" : stage < stages - 1 ? "later" : "last", views = film.about.pools?.[stage];
  const said = lab.t(`stages.${name}`, { stage: String(stage + 1) });
  return views === undefined ? said : lab.t("stages.with_views", { name: said, n: views });
}

/** One world's lanes, its picked post, and what is known of that. */
function lanesOf(lab, world) {
  const { lives, stages, side } = world, height = (stages + 1) * world.lane + 1.7 * world.size;
  const picked = { place: -1 };
  let [hour, exact] = [lab.clock.hour, lab.clock.hour];
  const drawn = surface(height, lab.t("stages.picture"), (context, width) => {
    drawLanes(context, width, world);
    drawDays(lab, context, width, world, exact);
    nameLanes(lab, context, width, world, countsAt(lives, stages, hour));
    drawPosts(context, width, world, hour, exact, picked.place);
  });
  const life = lifeOf(lab, world, (place) => {
    picked.place = place;
    drawn.redraw();
  });
  drawn.canvas.addEventListener("click", (event) => {
    const found = nearest(world, drawn.canvas.clientWidth, hour, exact, event.offsetX, event.offsetY);
    if (found >= 0) life.pick(found, hour);
  });
  return {
    node: el("section", { class: "card" }, worldName(lab, side), el("div", {}, lives.rows.length ? "" : el("p", {}, lab.t("stages.no_posts")), drawn.canvas, life.node)),
    canvas: drawn.canvas,
    show(nextHour, nextExact = nextHour) {
      [hour, exact] = [nextHour, nextExact];
      drawn.redraw();
      life.show(hour);
    },
    leave() {
      drawn.leave();
      life.leave();
    },
  };
}

/** Where an hour lies from left to right. */
const across = (hour, hours, width) => SIDE + ((hour + BEFORE) / (hours + BEFORE)) * (width - 2 * SIDE);

/** Where a post stands in the drawing: {x, y, left}; null where it is not posted yet. */
function spotOf({ lives, film, stages, lane: high, top: words }, place, width, hour, exact) {
  const at = place * lives.hours + hour, stage = lives.stage[at], top = lives.top[at];
  if (stage === UNBORN) return null;
  const middle = (lane) => (stages - 1 - lane) * high + words + (high - words - 6) * ((0.5 + place * TURN) % 1);
  const lane = stage === LEFT ? top : Math.max(stage, -1);
  const gone = Math.min(1, Math.max(0, (exact - lives.since[at]) / MOVING));
  const from = stage > 0 ? middle(lane - 1) : stage === 0 ? middle(-1) : middle(lane);
  const born = Math.max(-BEFORE, film.columns.post_hour[lives.rows[place]]);
  return { x: across(born, lives.hours, width), y: from + (middle(lane) - from) * gone, left: stage === LEFT, moving: stage >= 0 && gone < 1 };
}

function drawLanes(context, width, { stages, lane }) {
  for (let stage = stages - 1; stage >= -1; stage -= 1) {
    const y = (stages - 1 - stage) * lane;
    context.fillStyle = colour("--ground");
    if (stage % 2) context.fillRect(0, y, width, lane);
    context.fillStyle = colour("--line");
    context.fillRect(0, y + lane - 1, width, 1);
  }
}

/** In each lane what it is called, and its counts; fewer where there is little room. */
function nameLanes(lab, context, width, world, counts) {
  const { stages, lane, size } = world;
  const form = width < NARROW * size ? "_short" : "";
  for (let stage = stages - 1; stage >= -1; stage -= 1) {
    const key = stage < 0 ? "waiting" : counts.lanes[stage].came ? (stage < stages - 1 ? "lane" : "top") : "empty";
    const said = lab.t(`stages.lane_${key}${form}`, { ...counts.lanes[stage], waiting: counts.waiting, name: laneName(lab, stage, world) });
    const y = (stages - 1 - stage) * lane, wide = Math.min(context.measureText(said).width, width - 2 * SIDE);
    context.fillStyle = colour(stage % 2 ? "--ground" : "--raised"); // that of the lane: no line crosses the words
    context.fillRect(SIDE - 3, y + 1, wide + 6, 1.4 * size);
    context.fillStyle = colour("--soft-ink");
    context.fillText(said, SIDE, y + 4, width - 2 * SIDE);
  }
}

/** Days below the lanes, marks of the calendar, and the hour that is shown. */
function drawDays(lab, context, width, { lives, stages, lane, size }, exact) {
  Object.assign(context, { font: `${size}px ${colour("--font")}`, textBaseline: "top", fillStyle: colour("--soft-ink") });
  const foot = (stages + 1) * lane, days = Math.ceil(lives.hours / DAY), step = Math.ceil((days * 5 * size) / width);
  context.textAlign = "center";
  for (let day = 0; day < days; day += step) context.fillText(lab.shortDay(day * DAY), across(day * DAY, lives.hours, width), foot + 5);
  context.textAlign = "left";
  const line = (hour, ink, dash) => {
    Object.assign(context, { strokeStyle: colour(ink), lineWidth: 1 });
    context.setLineDash(dash);
    context.beginPath();
    context.moveTo(across(hour, lives.hours, width), 0);
    context.lineTo(across(hour, lives.hours, width), foot);
    context.stroke();
  };
  for (const mark of lab.marks()) line(mark.hour, "--faint", [3, 4]);
  line(exact, "--ink", []);
}

/** Posts that have left as outlines, over them those that are in play; a ring around the picked one. */
function drawPosts(context, width, world, hour, exact, picked) {
  const { side, lives } = world, shape = side === "left" ? "disc" : "square";
  const spots = lives.rows.map((_, place) => spotOf(world, place, width, hour, exact)).filter(Boolean);
  Object.assign(context, { fillStyle: colour(`--${side}`), strokeStyle: colour("--faint"), lineWidth: 1.5 });
  context.beginPath();
  for (const spot of spots) if (spot.left) SHAPES[shape](context, spot.x, spot.y, 3);
  context.stroke();
  context.beginPath();
  for (const spot of spots) if (!spot.left) SHAPES[shape](context, spot.x, spot.y, spot.moving ? 6.5 : 5);
  context.fill();
  const ringed = picked >= 0 ? spotOf(world, picked, width, hour, exact) : null;
  if (!ringed) return;
  Object.assign(context, { strokeStyle: colour("--ink"), lineWidth: 3 });
  context.beginPath();
  SHAPES.disc(context, ringed.x, ringed.y, 11);
  context.stroke();
}

/** The post nearest to a point of the drawing; -1 where none is near. */
function nearest(world, width, hour, exact, x, y) {
  let [found, least] = [-1, NEAR];
  for (let place = 0; place < world.lives.rows.length; place += 1) {
    const spot = spotOf(world, place, width, hour, exact);
    const far = spot ? Math.hypot(spot.x - x, spot.y - y) : Infinity;
    if (far < least) [found, least] = [place, far];
  }
  return found;
}

function countsTable(lab, worlds, now) {
  const heads = [lab.t("stages.stage"), ...["now", "came", "on", "left"].map((name) => lab.t(`stages.head_${name}`))];
  return el("div", {}, worlds.map((world) => {
    const counts = countsAt(world.lives, world.stages, now), rows = [[laneName(lab, -1, world), String(counts.waiting), "–", "–", "–"]];
    counts.lanes.forEach((lane, stage) => rows.push([laneName(lab, stage, world), ...[lane.now, lane.came, lane.on, lane.left].map(String)]));
    return table(`${lab.t(`ui.${world.side}`)}: ${lab.armName(lab[world.side])}, ${lab.when(now)}`, heads, rows);
  }));
}

function rowsOf(lab, worlds, now) {
  const rows = [["world", "campaign", "moderation", "hour", "stage", "now", "came", "went_on", "left"]];
  worlds.forEach((world, place) => {
    const { campaign, moderation } = lab.armOf(lab[world.side]), counts = countsAt(world.lives, world.stages, now);
    rows.push([place + 1, campaign, moderation, now, "waiting", counts.waiting, "", "", ""]);
    counts.lanes.forEach((lane, stage) => rows.push([place + 1, campaign, moderation, now, stage + 1, lane.now, lane.came, lane.on, lane.left]));
  });
  return rows;
}
