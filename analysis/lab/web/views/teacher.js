// The class: the code by which it comes in, in letters that are read from the last row, who is in, and what the quiz said.

import { button, el, table } from "lab/parts.js";

const EVERY = 3000; // milliseconds between two looks
const BINS = 5; // of shares from none to all

export const view = {
  async mount(root, lab) {
    const { words, server } = lab, t = (key, values) => lab.t(key, values);
    const here = el("p", { class: "big", role: "status" }), quiz = el("div");
    root.append(server.shared ? invitation(lab) : el("p", { class: "lead" }, t("teacher.how_to_share")), here,
      el("h2", {}, t("teacher.quiz")), quiz,
      button(t("teacher.csv"), () => server.keep("/quiz.csv", "groundswell-quiz.csv").catch((error) => lab.say(error.message))),
      el("p", { class: "soft" }, t("teacher.no_names")));
    let last = "", timer = 0, gone = false;

    async function look() {
      try {
        const [who, summary] = await Promise.all([server.ask("/whoami"), server.ask("/quiz/summary")]);
        if (gone) return;
        const now = server.shared ? t("teacher.in", { n: who.joined, here: who.here }) : "";
        if (here.textContent !== now) here.textContent = now;
        if (JSON.stringify(summary) !== last) quiz.replaceChildren(...["before", "after"].map((when) => distribution(lab, when, summary[when])));
        last = JSON.stringify(summary);
      } catch (error) {
        if (!gone) here.textContent = t("teacher.away");
      }
      if (!gone) timer = setTimeout(look, EVERY);
    }
    await look();
    return {
      leave() { gone = true; clearTimeout(timer); },
      rows: () => {
        const summary = JSON.parse(last || "{}");
        return [["when", "student", "campaign", "hits", "innocent", "false_alarms", "sure"], ...["before", "after"].flatMap((when) =>
          (summary[when]?.each ?? []).map((one, i) => [when, i + 1, one.campaign, one.hits, one.innocent, one.false_alarms, words.number(one.sure, 2)]))];
      },
    };
  },
};

/** Where to go, and the code. */
function invitation(lab) {
  const { server } = lab, t = (key) => lab.t(key);
  return el("section", { class: "card invitation", "aria-label": t("teacher.invitation") },
    el("p", {}, t("teacher.open")), ...server.addresses.map((address) => el("p", { class: "address" }, address)),
    el("p", {}, t("teacher.type")), el("p", { class: "code", "aria-label": [...server.code].join(" ") }, server.code));
}

/** How many found how much, and suspected how many innocents, at one time. */
function distribution(lab, when, { students, each, items }) {
  const { words } = lab, t = (key, values) => lab.t(key, values);
  const head = el("h3", {}, t(`teacher.${when}`, { n: students }));
  if (!students) return el("section", {}, head, el("p", { class: "soft" }, t("teacher.none_yet")));
  const found = binned(each, (one) => (one.campaign ? one.hits / one.campaign : null));
  const suspected = binned(each, (one) => (one.innocent ? one.false_alarms / one.innocent : null));
  const band = (i) => t("teacher.band", { from: words.percent(i / BINS), to: words.percent((i + 1) / BINS) });
  const most = [...items].sort((a, b) => b.suspected / b.asked - a.suspected / a.asked);
  return el("section", {}, head,
    el("div", { class: "pair" }, bars(lab, t("teacher.found"), found, band), bars(lab, t("teacher.suspected"), suspected, band)),
    el("details", {}, el("summary", {}, t("teacher.items")),
      table(t("teacher.items"), [t("teacher.item"), t("teacher.asked"), t("teacher.took")],
        most.map((one) => [one.item, String(one.asked), words.percent(one.suspected / one.asked)]))));
}

/** How many lie in each fifth. */
function binned(each, share) {
  const counts = Array(BINS).fill(0);
  for (const one of each) {
    const value = share(one);
    if (value !== null) counts[Math.min(BINS - 1, Math.floor(value * BINS))] += 1;
  }
  return counts;
}

function bars(lab, title, counts, band) {
  const most = Math.max(1, ...counts);
  return el("figure", { class: "bars" }, el("figcaption", {}, title),
    el("ol", {}, counts.map((count, i) => el("li", {}, el("span", { class: "band" }, band(i)),
      el("span", { class: "bar", style: `width: ${(100 * count) / most}%`, "aria-hidden": "true" }),
      el("span", { class: "count" }, lab.t("teacher.students", { n: count }))))));
}
