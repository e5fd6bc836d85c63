// Two worlds side by side, same people and same luck: how much of what is seen of the election is the candidate.

import { lines } from "lab/charts.js";
import { el, letters, numbersBehind, table } from "lab/parts.js";
import { at, DAY, measuresOf } from "lab/views/twin_measures.js";
import { isTwin, opening, plain, said, titled, write } from "lab/views/twin_parts.js";
import { worldRows, worldsPanel } from "lab/views/twin_worlds.js";

const CURVES = ["share", "seen", "reach", "rank"];
const SIDES = ["left", "right"];

export const view = {
  name: "twins",
  needs: ["film"],
  mount(root, lab, films) {
    const worlds = films.map((film) => measuresOf(film, lab.reel));
    const ghost = lab.ghost ? measuresOf(lab.ghost.film, lab.reel) : null;
    const charts = CURVES.map((name) => chartOf(lab, name, worlds, ghost));
    const numbers = bigNumbers(lab, worlds), several = worldsPanel(lab);
    let now = lab.clock.hour;
    root.append(
      ...opening(lab, "twins"), several.node, numbers.node,
      ghost ? el("p", { class: "soft" }, el("span", { class: "key ghost", "aria-hidden": "true" }), " ", lab.t("twins.ghost")) : "",
      el("div", { class: "pair even", data: { part: "curves" } }, CURVES.map((name, place) =>
        el("section", { class: "card" }, el("h2", {}, said(lab, `twins.${name}`, { candidate: lab.reel.candidate })), charts[place].node))),
      numbersBehind(lab.t("ui.numbers"), () => el("div", {}, dayTable(lab, worlds, now), seedTable(lab))));
    return {
      show(hour) {
        now = hour;
        numbers.show(hour);
        several.show(hour);
        for (const chart of charts) chart.show(hour);
      },
      rows: () => rowsOf(lab, worlds, now),
      canvas: () => titled(lab, charts.map((chart, place) => [chart.canvas(), plain(lab, `twins.${CURVES[place]}`)])),
      leave: () => charts.forEach((chart) => chart.leave()),
    };
  },
};

function formatOf(lab, name) {
  if (name === "share" || name === "reach") return (value, digits = 0) => lab.words.percent(value, digits);
  return (value, digits = 0) => lab.words.number(value, digits || (name === "seen" && value % 1 ? 1 : 0));
}

function chartOf(lab, name, worlds, ghost) {
  const candidates = lab.reel.candidates.length;
  const series = SIDES.map((side, place) => ({ label: lab.armName(lab[side]), style: side, values: worlds[place][name] }));
  if (ghost) series.unshift({ label: lab.t("twins.ghost"), style: "ghost", values: ghost[name] });
  const places = Array.from({ length: candidates }, (_, place) => place + 1).filter((place) => place % 2);
  return lines({
    series, marks: lab.marks(), named: name === CURVES[0], height: 15 * letters(), format: formatOf(lab, name), day: (hour) => lab.shortDay(hour), label: lab.t(`twins.${name}_picture`),
    ...(name === "rank" ? { range: [candidates + 0.5, 0.5], splits: places } : {}),
  });
}

/** The two worlds in words, at the hour that is shown. */
function bigNumbers(lab, worlds) {
  const reach = el("p", { class: "big" }), share = el("p", { class: "lead" }), seen = el("p", { class: "lead" });
  const twin = isTwin(lab) ? "twin" : "pair", { reel, words } = lab;
  const percent = (value) => (value === null ? lab.t("twins.nothing_seen") : words.percent(value, value >= 0.1 || value === 0 ? 0 : value < 0.01 ? 2 : 1));
  const number = (value) => words.number(value, value > 0 && value < 0.1 ? 3 : 2);
  const place = (value) => (value === null ? lab.t("twins.no_rank") : lab.t("twins.rank_of", { rank: value, all: reel.candidates.length }));
  return {
    node: el("section", { class: "card now", data: { part: "now" } }, reach, share, seen,
      el("p", { class: "soft" }, lab.t("twins.people_note", { users: reel.genuine_users, all: reel.people_by_the_end }))),
    show(hour) {
      const [left, right] = worlds.map((world) => ({
        people: at(world.people, hour), share: percent(at(world.share, hour)), seen: number(at(world.seen, hour)), rank: place(at(world.rank, hour)),
      }));
      const values = { candidate: reel.candidate, all: reel.people_by_the_end, when: lab.when(hour) };
      write(reach, lab.t(`twins.reach_${twin}`, { ...values, n: reel.people_by_the_end, left: left.people, right: right.people }));
      write(share, lab.t(`twins.share_${twin}`, { ...values, left: left.share, right: right.share, left_rank: left.rank, right_rank: right.rank }));
      write(seen, lab.t(`twins.seen_${twin}`, { ...values, left: left.seen, right: right.seen }));
    },
  };
}

/** The curves as a table: the last hour of each day, up to the hour that is shown. */
function dayTable(lab, worlds, now) {
  const heads = [lab.t("twins.until"), ...SIDES.flatMap((side) => CURVES.map((name) => `${lab.t(`ui.${side}`)}: ${lab.t(`twins.${name}_short`)}`))];
  const hours = Array.from({ length: Math.floor(now / DAY) }, (_, day) => day * DAY + DAY - 1).concat(now);
  const cell = (world, name, hour) => {
    const value = at(world[name], hour);
    return value === null ? "–" : formatOf(lab, name)(value, name === "rank" ? 0 : name === "seen" ? 2 : 1);
  };
  const rows = [...new Set(hours)].map((hour) => [lab.when(hour), ...worlds.flatMap((world) => CURVES.map((name) => cell(world, name, hour)))]);
  return table(lab.t("twins.by_day"), heads, rows);
}

function seedTable(lab) {
  const rows = worldRows(lab);
  if (rows.length < 2) return "";
  return table(lab.t("twins.by_seed"), [lab.t("twins.seed"), lab.t("ui.left"), lab.t("ui.right"), lab.t("twins.difference_short")], rows);
}

function rowsOf(lab, worlds, now) {
  const heads = ["hour", "date", "world", "campaign", "moderation", "political_share_24h", "views", "views_per_person", "people", "reach", "rank_24h"];
  const rows = [];
  for (let hour = 0; hour <= now; hour += 1)
    SIDES.forEach((side, place) => {
      const { campaign, moderation } = lab.armOf(lab[side]), world = worlds[place];
      rows.push([hour, lab.dateOf(hour).toISOString().slice(0, 13), place + 1, campaign, moderation,
        ...["share", "views", "seen", "people", "reach", "rank"].map((name) => at(world[name], hour) ?? "")]);
    });
  return [heads, ...rows];
}
