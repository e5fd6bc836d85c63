// The world that runs: how far it is, and the candidate's reach and impressions as its hours pass, with what they were before.

import { lines } from "lab/charts.js";
import { button, el } from "lab/parts.js";

/** Put it into `place`; returns {show(run), canvas(), leave()}. */
export function picture(lab, place) {
  const bar = el("progress", { max: "1", value: "0", "aria-label": lab.t("controls.how_far") });
  const said = el("p", { class: "said", role: "status" }), figures = el("p", { class: "figures" }), curves = el("div"), outcome = el("div");
  place.replaceChildren(el("h2", {}, lab.t("controls.running")), said, bar, figures, outcome, curves);
  let charts = [], drawn = null, waiting = 0;

  /** Curves of a run that has begun; arrays grow as hours come. */
  function make(run) {
    for (const chart of charts) chart.leave();
    drawn = run.reach;
    const { film } = run.before, c = run.candidate, users = usersOf(lab), wide = film.shape.reach[1];
    const before = (name) => Array.from({ length: film.shape[name][0] }, (_, hour) => film.columns[name][hour * wide + c]);
    const options = { marks: [], height: 170, day: (hour) => lab.shortDay(hour) };
    const both = (values, old) => [{ label: lab.t("controls.before"), style: "ghost", values: old }, { label: lab.t("controls.now"), style: "right", values }];
    const reachOf = before("reach").map((value) => value / users);
    const daily = daysOf(before("impressions"));
    const now = { reach: Array(run.hours).fill(null), seen: Array(run.hours).fill(null) };
    charts = [
      lines({ ...options, label: lab.t("controls.reach"), series: both(now.reach, reachOf), most: 1.1, format: (value) => lab.words.percent(value) }),
      lines({ ...options, label: lab.t("controls.seen"), series: both(now.seen, daily), most: 1.6 * Math.max(...daily, 1), format: (value) => lab.words.short(value) }),
    ];
    charts.now = now;
    curves.replaceChildren(el("h3", {}, lab.t("controls.reach")), charts[0].node, el("h3", {}, lab.t("controls.seen")), charts[1].node,
      el("p", { class: "soft" }, lab.t("controls.ghost")));
  }

  function draw(run) {
    waiting = 0;
    said.textContent = run.sentence || lab.t("controls.nothing");
    said.classList.toggle("alert", run.state === "failed");
    bar.hidden = run.state !== "runs";
    bar.value = run.share;
    if (run.hour >= 0 && run.before) {
      if (drawn !== run.reach) make(run);
      const { now } = charts, users = usersOf(lab), seen = daysOf(run.impressions);
      for (let hour = 0; hour <= run.hour; hour++) {
        now.reach[hour] = run.reach[hour] / users;
        now.seen[hour] = seen[hour];
      }
      for (const chart of charts) chart.show(run.hour);
      figures.textContent = lab.t("controls.figures", { reach: lab.words.percent(run.reach[run.hour] / users), seen: lab.words.short(run.impressions.reduce((a, b) => a + b, 0)),
        spent: lab.words.number(run.spent[run.hour], 2) });
    }
    outcome.replaceChildren(...(run.state === "done" ? outcomeOf(lab, run.totals) : []));
  }

  return {
    show(run) {
      if (run.state === "runs" && waiting) return;
      waiting = requestAnimationFrame(() => draw(run));
    },
    canvas: () => charts.map((chart) => chart.canvas()),
    leave() {
      cancelAnimationFrame(waiting);
      for (const chart of charts) chart.leave();
    },
  };
}

/** Accounts that people have used by the end, of which reach counts those that saw the candidate. */
const usersOf = (lab) => lab.reel.people_by_the_end ?? lab.reel.genuine_users;

/** Impressions in the 24 hours to each hour's end. */
function daysOf(values) {
  let sum = 0;
  return values.map((value, hour) => (sum += value - (hour >= 24 ? values[hour - 24] : 0)));
}

/** What the run came to, in words. */
function outcomeOf(lab, totals) {
  const number = (value) => lab.words.number(value, 2), rounded = (value) => Math.round(value * 100) / 100;
  const made = rounded(totals.campaign) - rounded(totals.quiet); // so that what is read adds up
  const said = [el("p", {}, lab.rich("controls.made", { campaign: number(totals.campaign), quiet: number(totals.quiet), made: number(made) }))];
  if (totals.moderated !== null && made > 0) {
    const left = totals.moderated - totals.quietModerated;
    said.push(el("p", {}, lab.rich("controls.damped", { taken: lab.words.percent(1 - left / made), left: number(left) })));
  }
  said.push(el("p", { class: "soft" }, lab.t("controls.one_world")), button(lab.t("controls.look"), () => lab.go({ view: "twins" })));
  return said;
}
