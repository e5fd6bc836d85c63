// Moderation at work under two policies: what waits, what people review, whom it hits, and who of them did nothing wrong.

import { lines } from "lab/charts.js";
import { el, letters, numbersBehind, table, veil } from "lab/parts.js";
import { daysOf, innocentsOf, sanctionsOf, talliesOf } from "lab/views/decisions.js";
import { at, DAY } from "lab/views/twin_measures.js";
import { colour, hueOf, opening, pattern, patternKey, said, surface, titled, worldName, write } from "lab/views/twin_parts.js";

const SIDES = ["left", "right"];
const STORIES = 12; // that are told of each world
const RIGHT = 0, WRONG = 3; // patterns: stripes, and crosses

export const view = {
  name: "queue",
  needs: ["film"],
  mount(root, lab, films) {
    const hours = lab.reel.calendar.hours;
    const worlds = films.map((film, place) => {
      const sanctions = sanctionsOf(film);
      return { film, side: SIDES[place], sanctions, days: daysOf(film, hours, sanctions), tallies: talliesOf(hours, sanctions), innocents: innocentsOf(film, lab.cast, sanctions) };
    });
    const charts = ["queue", "reviews"].map((name) => chartOf(lab, name, worlds));
    const cards = worlds.map((world) => cardOf(lab, world, mostOf(worlds)));
    const unveiled = truthOf(lab, cards);
    let now = lab.clock.hour;
    root.append(
      ...opening(lab, "queue"), worlds.every((world) => lab.armOf(lab[world.side]).moderation === "none") ? choosePolicies(lab) : "",
      el("div", { class: "pair even", data: { part: "cards" } }, cards.map((card) => card.node)), unveiled,
      el("div", { class: "pair" }, charts.map((chart, place) => el("section", { class: "card" }, el("h2", {}, said(lab, place ? "queue.reviews" : "queue.waiting")), chart.node))),
      numbersBehind(lab.t("ui.numbers"), () => dayTables(lab, worlds, now, unveiled.open)));
    return {
      show(hour) {
        now = hour;
        for (const part of [...cards, ...charts]) part.show(hour);
      },
      rows: () => rowsOf(lab, worlds, now, unveiled.open),
      canvas: () => titled(lab, [...cards.map((card, place) => [card.canvas, `${lab.t(`ui.${SIDES[place]}`)}: ${lab.t("queue.bars")}`]),
        ...charts.map((chart, place) => [chart.canvas(), lab.t(place ? "queue.reviews" : "queue.waiting")])]),
      leave: () => [...cards, ...charts].forEach((part) => part.leave()),
    };
  },
};

const mostOf = (worlds) => Math.max(1, ...worlds.flatMap((world) => world.days.map((day) => day.sanctions)));
const policyName = (lab, policy) => (lab.words.has(`policies.${policy}`) ? lab.t(`policies.${policy}`) : policy.replaceAll("_", " "));

/** No policy in either world: offer two worlds that have one. */
function choosePolicies(lab) {
  const busy = lab.reel.arms.filter((arm) => arm.moderation !== "none");
  const quiet = busy.find((arm) => arm.campaign === "quiet") ?? busy[0], loud = busy.find((arm) => arm.campaign !== "quiet") ?? busy[0];
  return el("p", { class: "card" }, lab.t("queue.no_policy"), " ",
    busy.length ? el("button", { type: "button", on: { click: () => lab.setArms(quiet.id, loud.id) } }, lab.t("queue.show_policy")) : "");
}

function chartOf(lab, name, worlds) {
  return lines({
    series: worlds.map((world) => ({ label: lab.armName(lab[world.side]), style: world.side, values: Array.from(world.film.columns[name]) })),
    marks: lab.marks(), height: 13 * letters(), format: (value) => lab.words.number(value, value % 1 ? 1 : 0), day: (hour) => lab.shortDay(hour), label: lab.t(`queue.${name}_picture`),
    most: Math.max(1, ...worlds.flatMap((world) => Array.from(world.film.columns[name]))),
  });
}

/** One world: how much was done by now, and bars by day, which are split once the veil is lifted. */
function cardOf(lab, world, most) {
  const { tallies, days, side } = world, sum = el("p", { class: "big" }), detail = el("p", {}), truth = el("div", { hidden: true });
  let [hour, lifted, told, bars] = [lab.clock.hour, false, -1, ""];
  const drawn = surface(200, lab.t("queue.days_picture"), (context, width, height) => drawDays(lab, context, width, height, days, most, hour, lifted));
  const show = (next) => {
    hour = next;
    const [accounts, posts] = [at(tallies.accounts, hour), at(tallies.posts, hour)];
    write(sum, lab.t("queue.hit", { n: accounts, accounts, posts, when: lab.when(hour) }));
    write(detail, whatWasDone(lab, world, hour));
    if (lifted && told !== hour) truth.replaceChildren(...truths(lab, world, hour));
    told = lifted ? hour : -1;
    const now = `${Math.floor((hour + 1) / DAY)} ${lifted}`; // bars change once a day
    if (now !== bars) drawn.redraw();
    bars = now;
  };
  return {
    node: el("section", { class: "card" }, worldName(lab, side), el("div", {}, sum, detail, drawn.canvas, truth)),
    canvas: drawn.canvas,
    show,
    lift(open) {
      lifted = open;
      truth.hidden = !open;
      told = -1;
      show(hour);
    },
    leave: () => drawn.leave(),
  };
}

/** 'Accounts suspended: 31; posts labelled: 4', by what was done and by which policy. */
function whatWasDone(lab, { sanctions }, hour) {
  const counts = new Map();
  for (const one of sanctions) {
    if (one.hour > hour) break;
    const name = `${one.action}|${one.policy}`;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...counts].map(([name, n]) => {
    const [action, policy] = name.split("|");
    return lab.t("queue.done", { what: lab.t(`queue.action_${action}`), policy: policyName(lab, policy), n });
  }).join(" ");
}

function drawDays(lab, context, width, height, days, most, hour, lifted) {
  const size = letters(), foot = 1.7 * size, left = 2.8 * size, room = height - foot - 18, wide = (width - left) / days.length;
  const y = (count) => 18 + room * (1 - count / most);
  context.font = `${size}px ${colour("--font")}`;
  context.fillStyle = colour("--soft-ink");
  context.textAlign = "left";
  context.fillText(String(most), 2, 18 + size / 2);
  context.fillText("0", 2, height - foot);
  context.fillStyle = colour("--line");
  context.fillRect(left, y(0), width - left, 1);
  const fills = lifted ? { right: pattern(context, RIGHT), wrong: pattern(context, WRONG) } : null;
  const every = Math.max(1, Math.ceil((5 * size) / wide));
  for (const { day, sanctions, right, wrong } of days) {
    const x = left + day * wide;
    context.fillStyle = colour("--soft-ink");
    context.textAlign = "center";
    if (day % every === 0) context.fillText(lab.shortDay(day * DAY), x + wide / 2, height - 6);
    if (day * DAY + DAY - 1 > hour) continue; // a day is drawn once it is over
    const bar = (from, to, fill, edge) => {
      if (from === to) return;
      context.fillStyle = fill;
      context.fillRect(x + 2, y(to), wide - 4, y(from) - y(to));
      Object.assign(context, { strokeStyle: edge, lineWidth: 1.5 });
      context.strokeRect(x + 2, y(to), wide - 4, y(from) - y(to));
    };
    if (!fills) bar(0, sanctions, colour("--faint"), colour("--ink"));
    else {
      bar(0, right, fills.right, hueOf(RIGHT));
      bar(right, right + wrong, fills.wrong, hueOf(WRONG));
    }
  }
}

/** The veil over who was hit rightly; it lifts over both worlds at once. */
function truthOf(lab, cards) {
  const details = veil(lab.t("queue.veil"), () => el("ul", { class: "keys" },
    el("li", {}, patternKey(RIGHT), lab.t("queue.key_right")), el("li", {}, patternKey(WRONG), said(lab, "queue.key_wrong"))));
  details.addEventListener("toggle", () => cards.forEach((card) => card.lift(details.open)));
  return details;
}

/** Right and wrong in words, and the stories of innocents up to an hour. */
function truths(lab, { tallies, innocents, side }, hour) {
  const [right, wrong] = [at(tallies.right, hour), at(tallies.wrong, hour)], hit = innocents.filter((one) => one.hour <= hour);
  return [
    el("p", { class: "lead" }, right + wrong ? said(lab, "queue.right_and_wrong", { n: wrong, right, wrong, all: right + wrong }) : lab.t("queue.nothing_yet")),
    hit.length ? el("h3", { id: `stories-${side}` }, lab.t("queue.stories")) : "",
    hit.length ? el("ul", { "aria-labelledby": `stories-${side}` }, hit.slice(0, STORIES).map((one) => el("li", {}, storyOf(lab, one)))) : "",
    hit.length > STORIES ? el("p", { class: "soft" }, lab.t("queue.more_stories", { n: hit.length - STORIES })) : "",
  ];
}

function storyOf(lab, { account, story, action, hour, post }) {
  const away = Math.round(-lab.cast.columns.last_active[account] / DAY);
  const values = { account: String(account), n: away, when: lab.when(hour), what: lab.t(`queue.did_${action}`), post: String(post) };
  return lab.t(story === "returner" && away < 1 ? "queue.story_ordinary" : `queue.story_${story}`, values);
}

function dayTables(lab, worlds, now, open) {
  const names = ["waiting", "reviews", "sanctions", ...(open ? ["right", "wrong"] : [])];
  const heads = [lab.t("queue.day"), ...names.map((name) => lab.t(`queue.head_${name}`))];
  return el("div", {}, worlds.map(({ days, side }) => table(`${lab.t(`ui.${side}`)}: ${lab.armName(lab[side])}`, heads,
    days.filter(({ day }) => day * DAY + DAY - 1 <= now).map((day) => [lab.shortDay(day.day * DAY), ...names.map((name) => lab.words.number(day[name]))]))));
}

/** Truth is given to take away only where the veil is lifted. */
function rowsOf(lab, worlds, now, open) {
  const names = ["waiting", "reviews", "sanctions", ...(open ? ["right", "wrong"] : [])], rows = [["world", "campaign", "moderation", "day", ...names]];
  worlds.forEach(({ days, side }, place) => {
    const { campaign, moderation } = lab.armOf(lab[side]);
    for (const day of days.filter((one) => one.day * DAY + DAY - 1 <= now))
      rows.push([place + 1, campaign, moderation, lab.dateOf(day.day * DAY).toISOString().slice(0, 10), ...names.map((name) => day[name])]);
  });
  return rows;
}
