// What a class's flags came to, beside simple rules and what the policies would have done.

import { foundAt, isCampaign, takenFor } from "lab/tasks/interpolate.js";
import { button, drawing, el, numbersBehind, styleOf, table } from "lab/parts.js";

const RULES = ["together", "silence", "busiest", "burst"];
const POLICIES = ["suspend_coordinated", "coaction_network", "limit_awakened"];

/** {nodes, canvases, leave} for a desk whose flags are decided. again: clears the flags. */
export function reveal(lab, desk, number, truth, own, again) {
  const { t, percent } = lab.words, flags = [...own.flags], { stories, damping } = truth;
  const hit = flags.filter((account) => !isCampaign(stories[account])), found = flags.length - hit.length;
  const here = Object.values(stories).filter(isCampaign).length;
  const ranks = RULES.map((rule) => ({ rule, found: foundAt(desk.detectors[rule], stories, hit.length) }));
  const [taken, least, most] = takenFor(damping.points, found / here);
  const chart = drawing(46 * (ranks.length + 1) + 12, barsSaid(lab, found, ranks, here), (context, width) => bars(context, width, lab, found, ranks, here));
  const nodes = [
    el("h2", {}, t("moderator.outcome")),
    el("p", { class: "big" }, t("moderator.found", { found, here, n: found })),
    el("p", { class: "big" }, t("moderator.hit", { n: hit.length })),
    el("p", {}, t("moderator.craft", { craft: t(`campaigns.${truth.campaign}`) }), " ", t(`moderator.craft_${truth.campaign}`)),
    hit.length ? el("h3", {}, t("moderator.whom")) : null,
    hit.length ? el("ul", { class: "stories" }, hit.map((account) => el("li", {}, el("strong", {}, t("moderator.account", { n: String(account) })), " ", t(`moderator.story_${stories[account]}`)))) : null,
    el("h3", {}, t("moderator.damped")),
    el("p", {}, t("moderator.taken", { share: percent(Math.max(0, taken)), least: percent(least), most: percent(most), worlds: damping.worlds })),
    el("p", { class: "soft" }, t("moderator.interpolated", { half: percent(damping.points[1][1]), all: percent(damping.points.at(-1)[1]) })),
    ...rerunOf(lab, desk, own),
    el("h3", {}, t("moderator.beside")),
    el("p", {}, t("moderator.beside_how", { n: hit.length })), chart.canvas,
    numbersBehind(t("ui.numbers"), () => besideTable(lab, found, ranks, here, damping)),
    el("h3", {}, t("moderator.policies")), policyTable(lab, truth),
    el("p", { class: "soft" }, t("moderator.policies_how")),
    el("p", { class: "ask" }, t("moderator.ask")),
    el("div", { class: "row" }, button(t("moderator.again"), again)),
  ].filter(Boolean);
  return { nodes, canvases: [chart.canvas], leave: chart.leave };
}

const barsSaid = (lab, found, ranks, here) =>
  [lab.t("moderator.bar", { name: lab.t("moderator.class"), found, here }), ...ranks.map((one) => lab.t("moderator.bar", { name: lab.t(`moderator.rule_${one.rule}`), found: one.found, here }))].join("; ");

/** Bars: how many accounts of the network each found; the class's is solid, those of rules are hatched by an outline. */
function bars(context, width, lab, found, ranks, here) {
  const names = [[lab.t("moderator.class"), found], ...ranks.map((one) => [lab.t(`moderator.rule_${one.rule}`), one.found])];
  context.font = `15px ${styleOf("--font")}`;
  names.forEach(([name, value], i) => {
    const top = 46 * i + 4, long = ((width - 90) * value) / here;
    context.fillStyle = styleOf("--ink");
    context.fillText(name, 0, top + 13, width);
    context.strokeStyle = context.fillStyle = styleOf(i ? "--right" : "--left");
    context.lineWidth = 2;
    if (i) context.strokeRect(1, top + 19, Math.max(1, long), 16);
    else context.fillRect(0, top + 18, Math.max(2, long), 18);
    context.fillStyle = styleOf("--ink");
    context.fillText(lab.t("moderator.of", { value, here }), long + 8, top + 33);
  });
}

function besideTable(lab, found, ranks, here, damping) {
  const { t, percent } = lab.words;
  const row = (name, value) => {
    const [taken, least, most] = takenFor(damping.points, value / here);
    return [name, t("moderator.of", { value, here }), percent(taken), t("moderator.range", { least: percent(least), most: percent(most) })];
  };
  return table(t("moderator.beside"), ["who", "finds", "takes", "worlds"].map((head) => t(`moderator.head_${head}`)),
    [row(t("moderator.class"), found), ...ranks.map((one) => row(t(`moderator.rule_${one.rule}`), one.found))]);
}

function policyTable(lab, truth) {
  const { t } = lab.words;
  return table(t("moderator.policies_caption"), ["policy", "finds", "innocent"].map((head) => t(`moderator.head_${head}`)),
    POLICIES.map((name) => [t(`policies.${name}`), t("moderator.of", { value: truth.policies[name].found, here: truth.network }), lab.words.number(truth.policies[name].innocent)]));
}

/** In the lab the world is run again with the class's own flags. */
function rerunOf(lab, desk, own) {
  if (!lab.server) return [];
  const told = el("div", { class: "rerun", role: "status" }, ...(own.rerun ? rerunSaid(lab, own.rerun) : []));
  const start = button(lab.t("moderator.rerun"), async () => {
    start.disabled = true;
    let part = 1, last = 0; // the world as it was, then as flagged: hours begin anew at the desk's
    told.textContent = lab.t("moderator.rerun_begins");
    try {
      const { events } = await lab.server.ask("/moderate", { reel: lab.id, desk: desk.id, accounts: [...own.flags] });
      lab.server.follow(events, (said) => {
        if (said.error !== undefined) { told.textContent = lab.t("moderator.rerun_failed", { why: said.error }); start.disabled = false; }
        else if (said.done || said.daily) { own.rerun = said; told.replaceChildren(...rerunSaid(lab, said)); }
        else if (said.passed) {
          if (said.passed < last) part++;
          last = said.passed;
          told.textContent = lab.t("moderator.rerun_goes", { part, share: lab.words.percent(said.passed / said.of) });
        }
      });
    } catch (error) {
      told.textContent = lab.t("moderator.rerun_failed", { why: error.message });
      start.disabled = false;
    }
  });
  return [el("div", { class: "row" }, start), told];
}

function rerunSaid(lab, said) {
  const known = said.taken !== null && said.taken !== undefined;
  const words = known ? lab.t("moderator.rerun_taken", { share: lab.words.percent(said.taken) }) : lab.t("moderator.rerun_nothing");
  return [el("p", { class: "big" }, words), ...(said.daily ? [rerunTable(lab, said)] : [])];
}

/** The days of the world that was run again, beside the world as it was. */
function rerunTable(lab, said) {
  const { t, number } = lab.words, { as_it_was: was, as_flagged: flagged, without_campaign: without } = said.daily;
  return table(t("moderator.rerun_days"), ["day", "was", "flagged", "without"].map((head) => t(`moderator.rerun_${head}`)),
    was.map((value, day) => [number(day + 1), number(value), number(flagged[day]), number(without[day])]));
}
