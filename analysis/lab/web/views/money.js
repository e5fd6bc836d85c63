// Where the campaign's money goes, tactic by tactic, and what a view that it gained has cost.

import { lines } from "lab/charts.js";
import { columnOf, running } from "lab/film.js";
import { el, letters, numbersBehind, table } from "lab/parts.js";
import { layersOf, priceOf, spentOf } from "lab/views/money_flow.js";
import { at, DAY } from "lab/views/twin_measures.js";
import { euros, opening, pattern, patternKey, plain, said, titled, worldName, write } from "lab/views/twin_parts.js";

const SIDES = ["left", "right"];
const HUES = 6; // patterns that are told apart

export const view = {
  name: "money",
  needs: ["film"],
  mount(root, lab, films) {
    const { reel } = lab, which = reel.candidates.indexOf(reel.candidate);
    const worlds = films.map((film, place) => {
      const layers = layersOf(film, film.about.tactics ?? reel.tactics);
      return { side: SIDES[place], layers, spent: spentOf(layers, reel.calendar.hours), views: running(columnOf(film, "impressions", which)) };
    });
    const cards = worlds.map((world) => cardOf(lab, world));
    const price = priceCard(lab, worlds);
    let now = lab.clock.hour;
    root.append(
      ...opening(lab, "money"), el("div", { class: "pair even", data: { part: "layers" } }, cards.map((card) => card.node)), price.node,
      numbersBehind(lab.t("ui.numbers"), () => dayTable(lab, worlds, now)));
    return {
      show(hour) {
        now = hour;
        for (const part of [...cards, price]) part.show(hour);
      },
      rows: () => rowsOf(lab, worlds, now),
      canvas: () => titled(lab, [...cards.map((card, place) => [card.canvas(), `${lab.t(`ui.${SIDES[place]}`)}: ${lab.t("money.layers")}`]),
        [price.canvas(), plain(lab, "money.price")]], [lab.t("money.from_below", { tactics: tacticsOf(lab, worlds).join(", ") })]),
      leave: () => [...cards, price].forEach((part) => part.leave()),
    };
  },
};

/** What costs anything in either world, in the order of the layers. */
const tacticsOf = (lab, worlds) => [...new Set(worlds.flatMap((world) => world.layers.map((layer) => tacticName(lab, layer.tactic))))];

const tacticName = (lab, tactic) => (lab.words.has(`tactics.${tactic}`) ? lab.t(`tactics.${tactic}`) : tactic.replaceAll("_", " "));

/** A world's money: what was spent by now in large letters, and tactics as layers on each other. */
function cardOf(lab, world) {
  const { layers, spent, side } = world;
  if (!layers.length) {
    const node = el("section", { class: "card" }, worldName(lab, side), el("p", { class: "lead" }, lab.t("money.nothing")));
    return { node, show() {}, canvas: () => null, leave() {} };
  }
  const total = el("p", { class: "big" }), country = el("p", { class: "lead" }), left = el("p", {});
  const sums = layers.map(() => el("span", { class: "sum" }));
  const chart = lines({
    series: layers.map((layer, n) => ({ label: layer.tactic, values: layer.upTo, style: { colour: "--ink", width: 1.5, fill: (context) => pattern(context, n % HUES, devicePixelRatio) } })).reverse(),
    marks: lab.marks(), height: 20 * letters(), format: (value) => lab.words.short(value), day: (hour) => lab.shortDay(hour), label: lab.t("money.picture"), most: budgetOf(lab, side) ?? null,
  });
  const node = el("section", { class: "card" }, worldName(lab, side), el("div", {}, total, country, left, chart.node,
    el("ul", { class: "keys" }, layers.map((layer, n) => el("li", {}, patternKey(n % HUES), ` ${tacticName(lab, layer.tactic)}: `, sums[n])).reverse())));
  return {
    node,
    show(hour) {
      write(total, lab.t("money.spent", { amount: euros(lab, at(spent, hour)), when: lab.when(hour) }));
      write(country, wholeCountry(lab, at(spent, hour)));
      write(left, whatIsLeft(lab, side, at(spent, hour)));
      layers.forEach((layer, n) => write(sums[n], euros(lab, at(layer.spent, hour))));
      chart.show(hour);
    },
    canvas: () => chart.canvas(),
    leave: () => chart.leave(),
  };
}

const budgetOf = (lab, side) => lab.armOf(lab[side]).budget;

function wholeCountry(lab, amount) {
  return lab.reel.scale ? lab.t("money.country", { amount: euros(lab, amount / lab.reel.scale) }) : "";
}

function whatIsLeft(lab, side, amount) {
  const budget = budgetOf(lab, side);
  return budget ? lab.t("money.left", { left: euros(lab, Math.max(0, budget - amount)), budget: euros(lab, budget), share: lab.words.percent(Math.max(0, 1 - amount / budget)) }) : "";
}

/** Euros for 1,000 views that the candidate gained beside the world in which nothing is spent; none where both spend. */
function priceCard(lab, worlds) {
  const [less, more] = worlds[0].spent.at(-1) <= worlds[1].spent.at(-1) ? worlds : [...worlds].reverse();
  const spent = less.spent.at(-1) ? more.spent.map(() => 0) : more.spent;
  const price = priceOf(spent, more.views, less.views), high = scaleOf(price);
  const now = el("p", { class: "big" }), node = el("section", { class: "card" }, el("h2", {}, said(lab, "money.price", { candidate: lab.reel.candidate })));
  if (price.every((value) => value === null)) {
    node.append(el("p", {}, lab.t("money.no_price")));
    return { node, show() {}, canvas: () => null, leave() {} };
  }
  const chart = lines({
    series: [{ label: lab.t("money.price_short"), style: more.side, values: price.map((value) => (value === null || value > high ? null : value)) }],
    marks: lab.marks(), height: 15 * letters(), format: (value) => lab.words.number(value, value % 1 ? 1 : 0), day: (hour) => lab.shortDay(hour), label: lab.t("money.price_picture"), most: high,
  });
  const cut = price.some((value) => value > high) ? el("p", { class: "soft" }, lab.t("money.price_cut", { amount: euros(lab, high) })) : "";
  node.append(now, severalWorlds(lab) ?? "", chart.node, cut);
  return {
    node,
    show(hour) {
      const value = at(price, hour), gained = at(more.views, hour) - at(less.views, hour);
      write(now, value === null ? lab.t("money.no_price_yet") : lab.t("money.price_now", { n: gained, gained, amount: euros(lab, value), spent: euros(lab, at(spent, hour)) }));
      chart.show(hour);
    },
    canvas: () => chart.canvas(),
    leave: () => chart.leave(),
  };
}

/** The first prices lie high, since money is paid before views come: the axis ends at three times the last one. */
function scaleOf(price) {
  const known = price.filter((value) => value !== null);
  return known.length ? Math.min(Math.max(...known), 3 * known.at(-1)) : 1;
}

/** What the comparison says of the price over its worlds, where it asked for these two. */
function severalWorlds(lab) {
  const [left, right] = [lab.armOf(lab.left), lab.armOf(lab.right)];
  const asked = left.campaign === "quiet" && right.campaign !== "quiet" && left.moderation === "none" && right.moderation === "none";
  const found = asked ? (lab.reel.estimates ?? []).find((one) => one.contrast === "cost") : null;
  if (!found || found.low === null) return null;
  const number = (value) => euros(lab, value);
  return el("p", {}, said(lab, "money.price_many", { n: found.n, estimate: number(found.estimate), low: number(found.low), high: number(found.high) }));
}

function dayTable(lab, worlds, now) {
  const columns = worlds.flatMap((world) => world.layers.map((layer) => ({ side: world.side, layer })));
  const heads = [lab.t("twins.until"), ...columns.map(({ side, layer }) => `${lab.t(`ui.${side}`)}: ${tacticName(lab, layer.tactic)}`)];
  const hours = [...new Set([...Array.from({ length: Math.floor(now / DAY) }, (_, day) => day * DAY + DAY - 1), now])];
  return table(lab.t("money.by_day"), heads, hours.map((hour) => [lab.when(hour), ...columns.map(({ layer }) => lab.words.number(at(layer.spent, hour), 2))]));
}

function rowsOf(lab, worlds, now) {
  const rows = [["hour", "date", "world", "campaign", "moderation", "tactic", "euros_so_far"]];
  for (let hour = 0; hour <= now; hour += 1)
    worlds.forEach((world, place) => {
      const { campaign, moderation } = lab.armOf(lab[world.side]);
      for (const layer of world.layers) rows.push([hour, lab.dateOf(hour).toISOString().slice(0, 13), place + 1, campaign, moderation, layer.tactic, layer.spent[hour].toFixed(2)]);
    });
  return rows;
}
