// What a film says of a candidate hour by hour, as arrays made once; views only look them up.
// Nothing here touches the page.

import { columnOf, moving, running } from "lab/film.js";

export const DAY = 24; // hours of the running window

/** part / whole at each hour; null where there is no whole. */
export function ratio(part, whole) {
  return Array.from(part, (value, hour) => (whole[hour] > 0 ? value / whole[hour] : null));
}

/** The place of a candidate among all by views of the last day, 1 the most seen; equals share the better place. Null where nobody was seen. */
export function rank(film, candidates, which) {
  const recent = Array.from({ length: candidates }, (_, one) => moving(columnOf(film, "impressions", one), DAY));
  return recent[which].map((own, hour) => {
    if (recent.every((values) => values[hour] === 0)) return null;
    return 1 + recent.filter((values) => values[hour] > own).length;
  });
}

/** All that the view of twins draws of one world: share, seen (views a genuine user), reach, rank, and raw people and views.
 * Reach is a share of all who use the platform by the end: people come and come back, so that in time more use it than at any one time. */
export function measuresOf(film, reel) {
  const which = reel.candidates.indexOf(reel.candidate);
  const own = columnOf(film, "impressions", which);
  const views = running(own), people = columnOf(film, "reach", which);
  return {
    views,
    people,
    share: ratio(moving(own, DAY), moving(film.columns.political, DAY)),
    seen: views.map((value) => value / reel.genuine_users),
    reach: people.map((value) => value / reel.people_by_the_end),
    rank: rank(film, reel.candidates.length, which),
  };
}

/** The value of an array at an hour of the clock; the last hour's from then on, and null before the first. */
export function at(values, hour) {
  if (hour < 0 || !values.length) return null;
  return values[Math.min(Math.floor(hour), values.length - 1)] ?? null;
}

// 97.5% quantiles of Student's t by degrees of freedom, 1 to 30; beyond, the normal's with Cornish and Fisher's first term
// (Abramowitz and Stegun, Handbook of Mathematical Functions, 26.7.5 and table 26.10).
const QUANTILES = [
  12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.16, 2.145, 2.131,
  2.12, 2.11, 2.101, 2.093, 2.086, 2.08, 2.074, 2.069, 2.064, 2.06, 2.056, 2.052, 2.048, 2.045, 2.042,
];

export function quantile(degrees) {
  return QUANTILES[degrees - 1] ?? 1.96 + (1.96 ** 3 + 1.96) / (4 * degrees);
}

/** The mean of some numbers and its 95% interval over them; no interval of fewer than two. */
export function interval(values) {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  if (values.length < 2) return { mean, low: null, high: null };
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const width = quantile(values.length - 1) * Math.sqrt(squares / (values.length - 1) / values.length);
  return { mean, low: mean - width, high: mean + width };
}

/** What several worlds say of two arms: a pair for each seed that has both, in views a person, and the interval of the difference. */
export function worldsOf(reel, left, right) {
  const nameOf = (id) => {
    const arm = reel.arms.find((one) => one.id === id);
    return `${arm.campaign}/${arm.moderation}`;
  };
  const [first, second] = [nameOf(left), nameOf(right)];
  const seen = (arm) =>
    new Map(reel.runs.filter((run) => run.arm === arm).map((run) => [run.seed, run.candidate_impressions / run.genuine_users]));
  const [before, after] = [seen(first), seen(second)];
  const pairs = [...before]
    .filter(([seed]) => after.has(seed))
    .map(([seed, value]) => ({ seed, left: value, right: after.get(seed), difference: after.get(seed) - value }))
    .sort((one, other) => one.seed - other.seed);
  return { pairs, ...interval(pairs.map((pair) => pair.difference)) };
}
