// The life of one post: its hours, views and likes, and behind the veil who pushed it.

import { lines } from "lab/charts.js";
import { choice, el, letters, table, veil } from "lab/parts.js";
import { countersOf, LEFT, pushersOf, UNBORN, WAITS } from "lab/views/stage_posts.js";
import { at } from "lab/views/twin_measures.js";
import { write } from "lab/views/twin_parts.js";

const MOST = 40; // posts in the list to choose from: those with the most views

/** {node, pick(place, hour), show(hour), leave()}: a list of posts, and what is known of the one that is picked; `picked` is told of it. */
export function lifeOf(lab, world, picked) {
  const known = mostSeen(world);
  const options = [["", lab.t("stages.no_post")], ...known.map((place) => [String(place), nameOf(lab, world, place)])];
  const list = choice(lab.t("stages.pick"), options, "", (value) => pick(value === "" ? -1 : Number(value)));
  const select = list.querySelector("select"), body = el("div", { class: "life", data: { part: "life" } });
  let shown = null;

  function pick(place) {
    shown?.leave();
    shown = null;
    body.replaceChildren();
    if (place >= 0) {
      if (!known.includes(place)) addOption(lab, world, select, known, place);
      select.value = String(place);
      shown = onePost(lab, world, place);
      body.append(...shown.nodes);
      shown.show(lab.clock.hour);
    }
    picked(place);
  }

  return {
    node: el("div", {}, known.length ? list : "", body),
    pick,
    show: (hour) => shown?.show(hour),
    leave: () => shown?.leave(),
  };
}

const nameOf = (lab, { film, lives }, place) => lab.t("stages.post", { number: String(place + 1), when: lab.when(film.columns.post_hour[lives.rows[place]]) });

function addOption(lab, world, select, known, place) {
  known.push(place);
  select.append(el("option", { value: String(place) }, nameOf(lab, world, place)));
}

/** The posts with the most views at the end of the film, in the order of time. */
function mostSeen({ film, lives }) {
  const { count_start: start, count_views: views } = film.columns;
  const seen = lives.rows.map((row) => views.subarray(start[row], start[row + 1]).reduce((sum, value) => sum + value, 0));
  return lives.rows.map((_, place) => place).sort((one, other) => seen[other] - seen[one]).slice(0, MOST).sort((one, other) => one - other);
}

function onePost(lab, world, place) {
  const { film, lives } = world, row = lives.rows[place], counters = countersOf(film, row, lives.hours);
  const sentence = el("p", { class: "lead" }), stands = el("p", {}), steps = stepsOf(film, row, counters.views), climbed = el("ul", {});
  const born = Math.max(0, film.columns.post_hour[row]);
  const from = (values) => Array.from(values, (value, hour) => (hour < born ? null : value));
  const chart = lines({
    series: [{ label: lab.t("stages.views"), style: world.side, values: from(counters.views) }, { label: lab.t("stages.likes"), style: "ghost", values: from(counters.likes) }],
    marks: [], height: 12 * letters(), format: (value) => lab.words.short(value), day: (hour) => lab.shortDay(hour), label: lab.t("stages.life_picture"),
  });
  let truth = null;
  const made = veil(lab.t("ui.who_made_this"), () => (truth = whoMade(lab, world, row)).node);
  return {
    nodes: [sentence, stands, climbed, chart.node, keys(lab, world.side), made],
    show(hour) {
      const now = place * lives.hours + hour, n = at(counters.views, hour);
      write(sentence, lives.stage[now] === UNBORN ? lab.t("stages.not_yet") : lab.t("stages.life", { n, views: n, likes: at(counters.likes, hour), comments: at(counters.comments, hour), shares: at(counters.shares, hour) }));
      write(stands, whereItStands(lab, world.stages, lives.stage[now], lives.top[now], lives.since[now]));
      const over = steps.filter((step) => step.hour <= hour);
      if (over.length !== climbed.children.length) climbed.replaceChildren(...over.map(({ stage, took, views }) => el("li", {}, lab.t("stages.went_on", { stage: String(stage), n: took, views }))));
      chart.show(hour);
      if (made.open) truth?.show(hour);
    },
    leave: () => chart.leave(),
  };
}

/** When a post went on: {hour, stage that it left for the next (1 is the first), took: hours in it, views that it had by then}. */
function stepsOf({ columns }, row, views) {
  const { stage_start: start, stage_hour: when, stage_value: value } = columns, steps = [];
  for (let entry = start[row] + 1; entry < start[row + 1]; entry += 1) {
    const hour = Math.max(0, when[entry]), took = when[entry] - when[entry - 1];
    if (value[entry] > value[entry - 1] && value[entry - 1] >= 0) steps.push({ hour, stage: value[entry], took, views: at(views, Math.max(0, hour - 1)) });
  }
  return steps;
}

const keys = (lab, side) => el("p", { class: "soft" }, el("span", { class: `key ${side}`, "aria-hidden": "true" }), ` ${lab.t("stages.views")} `, el("span", { class: "key ghost", "aria-hidden": "true" }), ` ${lab.t("stages.likes")}`);

function whereItStands(lab, stages, stage, top, since) {
  const values = { stage: String(stage + 1), top: String(top + 1), when: lab.when(since) };
  if (stage === UNBORN) return "";
  if (stage === WAITS) return lab.t("stages.it_waits", values);
  if (stage === LEFT) return lab.t(top < 0 ? "stages.it_left_early" : top === stages - 1 ? "stages.it_is_done" : "stages.it_left", values);
  return lab.t("stages.it_is", values);
}

/** Behind the veil: whether it was paid for or asked for, and accounts of which kind acted on it by now. */
function whoMade(lab, { film }, row) {
  const node = el("div", {});
  let told = -1;
  const show = (hour) => {
    if (hour === told) return;
    told = hour;
    const { kinds, byLink } = pushersOf(film, lab.cast, row, hour);
    const rows = Object.entries(kinds).filter(([, n]) => n).map(([kind, n]) => [lab.t(`stages.kind_${kind}`), lab.words.number(n)]);
    node.replaceChildren(
      el("p", { class: "lead" }, lab.t(`stages.cause_${film.columns.post_cause[row]}`)),
      rows.length ? table(lab.t("stages.pushed_by"), [lab.t("stages.who"), lab.t("stages.acts")], rows) : el("p", {}, lab.t("stages.nobody_acted")),
      byLink ? el("p", {}, lab.t("stages.by_link", { n: byLink })) : "");
  };
  show(lab.clock.hour);
  return { node, show };
}
