// Small pictures for sentences that are not so, drawn from a reel. Each is {drawing, values for its sentence}, or null where a reel lacks what it needs.

import { running } from "lab/film.js";
import { valuesOf } from "lab/lesson_state.js";
import { svg } from "lab/parts.js";
import { commenters, kindNames, likesBy, liveStages, postsThat, sumOf } from "lab/views/picture_numbers.js";

const WIDTH = 480, DAY = 24, MONTH = 30 * DAY; // points; hours
const PLACES = ["I", "II", "III", "IV"];
const OURS = new Set(["operated", "vendor"]);

/** A function for each sentence. arm: the arm whose film it is; numbers: those that the lessons name. */
export function picturesOf(lab, film, arm, numbers) {
  const candidate = lab.reel.candidates.indexOf(lab.reel.candidate), posts = postsThat(film, (named) => named === candidate);
  const kinds = kindNames(lab.cast);
  return {
    views_are_liking: () => liking(film, posts, kinds),
    bots_are_easy: () => care(numbers, valuesOf(numbers, lab)),
    same_minute: () => sameMinute(film, kinds),
    after_the_vote: () => afterTheVote(lab, film, candidate),
    one_world: () => manyWorlds(lab, arm),
    labels: () => marked(film, posts),
    bribed: () => ladder(film, candidate),
    silent_is_fake: () => silent(lab, kinds),
  };
}

const canvas = (height, ...children) => svg("svg", { viewBox: `0 0 ${WIDTH} ${height}` }, children.flat(3));

/** Squares or circles in rows. marks: 'full' or 'empty' a mark, circles where `round` says so. */
function grid(marks, size, round = () => false) {
  const across = Math.floor(WIDTH / size), height = Math.ceil(marks.length / across) * size;
  return canvas(height, marks.map((mark, i) => {
    const x = (i % across) * size, y = Math.floor(i / across) * size, side = size * 0.7;
    return round(i)
      ? svg("circle", { class: "calm", cx: x + side / 2, cy: y + side / 2, r: side / 2 - 1 })
      : svg("rect", { class: mark, x: x + 0.5, y: y + 0.5, width: side - 1, height: side - 1 });
  }));
}

function liking(film, posts, kinds) {
  const views = sumOf(film, posts, "count_views"), likes = sumOf(film, posts, "count_likes");
  if (!views) return null;
  const n = Math.round((100 * likes) / views), ours = Math.round((100 * likesBy(film, posts, (account) => OURS.has(kinds[account]))) / Math.max(1, likes));
  return { drawing: grid(Array.from({ length: 100 }, (_, i) => (i < n ? "full" : "empty")), 19), values: { n, ours } };
}

/** Named bars below one another, of shares from 0 to 100. */
function bars(rows, high = 26) {
  const wide = WIDTH - 90;
  return canvas(rows.length * high, rows.map(([name, share], row) => svg("g", {},
    svg("text", { x: 0, y: row * high + 17 }, name),
    svg("rect", { class: "full", x: 34, y: row * high + 4, width: (Math.max(share, 0) / 100) * wide + 1, height: high - 9 }),
    svg("text", { x: 42 + (Math.max(share, 0) / 100) * wide, y: row * high + 17 }, String(share).replace("-", "−")))));
}

/** What a rule takes from campaigns of more and more care: numbers that the project keeps, of larger worlds. */
function care(numbers, values) {
  const shares = PLACES.map((_, i) => Number.parseInt(numbers[`care_${i + 1}`].replace("−", "-"), 10));
  return { drawing: bars(shares.map((share, i) => [PLACES[i], share])), values };
}

function sameMinute(film, kinds) {
  const found = commenters(film), ours = found.filter((account) => OURS.has(kinds[account])).length, innocent = found.length - ours;
  const marks = [...Array(innocent).fill("empty"), ...Array(ours).fill("full")];
  return found.length ? { drawing: grid(marks, marks.length > 150 ? 14 : 20, (i) => i < innocent), values: { innocent, campaign: ours } } : null;
}

function afterTheVote(lab, film, candidate) {
  const across = film.shape.impressions[1], hours = film.shape.impressions[0], beyond = Math.round(hours * 1.2);
  const sums = running(Array.from({ length: hours }, (_, hour) => film.columns.impressions[hour * across + candidate])), n = sums.at(-1);
  if (!n) return null;
  const x = (hour) => (hour / beyond) * WIDTH, y = (value) => 125 - (value / n) * 110;
  const line = sums.map((value, hour) => `${hour ? "L" : "M"}${x(hour).toFixed(1)} ${y(value).toFixed(1)}`).join("");
  const half = sums.findIndex((value) => value >= n / 2);
  const vote = lab.marks().find((mark) => mark.name === "vote")?.label ?? "";
  return {
    drawing: canvas(130,
      svg("path", { class: "curve", d: `${line}L${WIDTH} ${y(n)}` }),
      svg("line", { class: "mark", x1: x(hours), x2: x(hours), y1: 0, y2: 130 }),
      svg("line", { class: "axis", x1: 0, x2: WIDTH, y1: 125, y2: 125 }),
      svg("text", { x: x(hours) + 6, y: 60 }, vote)),
    values: { n, half: lab.when(half) },
  };
}

function manyWorlds(lab, arm) {
  const each = (row) => row.candidate_impressions / row.genuine_users;
  const rows = (campaign) => lab.reel.runs.filter((row) => row.arm === `${campaign}/none`).map(each);
  const campaign = rows(arm.campaign), quiet = rows("quiet"), most = Math.max(...campaign, ...quiet);
  if (campaign.length < 2) return null;
  const x = (value) => 10 + (value / most) * (WIDTH - 40), format = (value) => lab.words.number(value, 1);
  return {
    drawing: canvas(90,
      svg("line", { class: "axis", x1: 10, x2: WIDTH - 20, y1: 60, y2: 60 }),
      quiet.map((value, i) => svg("circle", { class: "calm", cx: x(value), cy: 48 - (i % 4) * 11, r: 5 })),
      campaign.map((value, i) => svg("rect", { class: "full", x: x(value) - 5, y: 43 - (i % 4) * 11, width: 10, height: 10 })),
      [0, most / 2, most].map((value) => svg("text", { x: x(value) - 6, y: 80 }, format(value)))),
    values: { n: campaign.length, low: format(Math.min(...campaign)), high: format(Math.max(...campaign)) },
  };
}

function marked(film, posts) {
  const views = sumOf(film, posts, "count_views"), disclosed = posts.filter((post) => film.columns.post_disclosed[post]);
  if (!views) return null;
  const n = Math.round((100 * sumOf(film, disclosed, "count_views")) / views), wide = (n / 100) * (WIDTH - 2);
  const stripes = Array.from({ length: Math.ceil(wide / 8) }, (_, i) => svg("line", { class: "curve", x1: 1 + i * 8, y1: 49, x2: Math.min(1 + i * 8 + 8, 1 + wide), y2: 1 }));
  return { drawing: canvas(50, svg("rect", { class: "empty", x: 1, y: 1, width: WIDTH - 2, height: 48 }), stripes, svg("rect", { class: "empty", x: 1, y: 1, width: wide, height: 48 })), values: { n } };
}

/** How far posts come: those of the candidate above those of others. Of posts about nobody a reel keeps a chosen part only. */
function ladder(film, candidate) {
  const rows = [(named) => named === candidate, (named) => named >= 0 && named !== candidate];
  const shares = rows.map((which) => {
    const reached = liveStages(film, postsThat(film, which));
    return reached.map((n) => Math.round((100 * n) / Math.max(1, reached[0])));
  });
  if (!shares[0].length) return null;
  const wide = (WIDTH - 40) / shares[0].length, high = 70;
  const drawing = canvas(rows.length * high, shares.map((each, row) => svg("g", {},
    svg("text", { x: 0, y: row * high + 60 }, PLACES[row]),
    svg("line", { class: "axis", x1: 34, x2: WIDTH, y1: row * high + 62, y2: row * high + 62 }),
    each.map((share, stage) => svg("g", {},
      svg("rect", { class: "full", x: 36 + stage * wide, width: wide * 0.42, y: row * high + 62 - share * 0.55, height: share * 0.55 }),
      svg("text", { x: 42 + stage * wide + wide * 0.42, y: row * high + 58 }, String(share)))))));
  const [mine, others] = shares.map((each) => each.join(", "));
  return { drawing, values: { mine, others } };
}

function silent(lab, kinds) {
  const quiet = [...kinds.keys()].filter((account) => lab.cast.columns.last_active[account] <= -MONTH);
  const ours = quiet.filter((account) => OURS.has(kinds[account])).length;
  const marks = Array.from({ length: quiet.length }, (_, i) => (i >= quiet.length - ours ? "full" : "empty"));
  return quiet.length ? { drawing: grid(marks, 13), values: { silent: quiet.length, campaign: ours } } : null;
}
