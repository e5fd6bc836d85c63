// One account as a platform's record shows it: its facts, and what it did hour by hour.

import { el, explained, svg } from "lab/parts.js";

const DAY = 24, TALL = 34, WIDE = 240;

/** What was written so that it is not read by accident. */
export const opened = (text) => JSON.parse(new TextDecoder().decode(Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0))));

/** A word that was hidden alone. */
export const shown = (text) => atob(text);

/** Counts by hour from one character each: 0 to 9, then a to z. */
export const countsOf = (timeline) => Array.from(timeline, (letter) => parseInt(letter, 36));

/** Facts that an account's card shows, in their order. */
export const FACTS = ["age_days", "silent_days", "followers", "posts", "acts", "election", "together", "often"];

/** A sum for every day of a timeline. */
export function byDay(timeline) {
  const counts = countsOf(timeline);
  return Array.from({ length: counts.length / DAY }, (_, day) => counts.slice(day * DAY, (day + 1) * DAY).reduce((a, b) => a + b, 0));
}

/** A small picture of acts by hour: bars, with a line at each midnight; its label says the sums by day. */
export function sparkline(lab, timeline) {
  const counts = countsOf(timeline), most = Math.max(6, ...counts), wide = WIDE / counts.length;
  const bars = counts.flatMap((count, hour) =>
    count ? [`M${(hour * wide).toFixed(1)} ${TALL}V${(TALL - (count / most) * (TALL - 3)).toFixed(1)}h${Math.max(1, wide).toFixed(1)}V${TALL}z`] : []);
  const days = Array.from({ length: counts.length / DAY - 1 }, (_, day) => `M${((day + 1) * DAY * wide).toFixed(1)} 0V${TALL}`);
  return svg("svg", { class: "spark", viewBox: `0 0 ${WIDE} ${TALL}`, preserveAspectRatio: "none", role: "img", "aria-label": lab.t("moderator.spark", { days: byDay(timeline).join(", ") }) },
    svg("path", { class: "midnight", d: days.join("") }), svg("path", { class: "acts", d: bars.join("") }), svg("path", { class: "ground", d: `M0 ${TALL}H${WIDE}` }));
}

/** A number of days in words that are read at a glance: days, or years from two years on. */
export function spanOf(lab, days) {
  if (days < 730) return lab.t("moderator.days", { n: days });
  return lab.t("moderator.years", { n: Math.floor(days / 365) });
}

/** A fact as it is shown. */
export const factOf = (lab, name, value) => (name.endsWith("_days") ? spanOf(lab, value) : lab.words.number(value));

/** What an account's facts are called, each explained on hover, tap and focus. */
export const factName = (lab, name) => explained(lab.t(`moderator.fact_${name}`), lab.t(`moderator.about_${name}`));

/** The facts of an account as a list. */
export function factList(lab, facts, withWords = true) {
  return el("dl", { class: "facts" }, FACTS.map((name) =>
    el("div", { data: { fact: name } }, el("dt", {}, withWords ? factName(lab, name) : lab.t(`moderator.fact_${name}`)), el("dd", {}, factOf(lab, name, facts[name])))));
}
