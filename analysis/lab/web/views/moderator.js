// Be the moderator: accounts as a platform's record shows them, flags under a budget, and what they came to.

import { FACTS, byDay, factList, opened, sparkline } from "lab/tasks/account.js";
import { isCampaign } from "lab/tasks/interpolate.js";
import { reveal } from "lab/tasks/reveal.js";
import { button, choice, el } from "lab/parts.js";

const LONG = 30, OFTEN = 3, FEW = 8; // days of silence; posts with one other account; followers
const FILTERS = {
  all: () => true,
  flagged: (row, desk) => desk.flags.has(row.account),
  silent: (row) => row.silent_days >= LONG,
  together: (row) => row.often >= OFTEN,
  few: (row) => row.followers < FEW,
};
const kept = new Map(); // what was flagged and revealed, by reel and desk, for as long as the page is open

export const view = {
  mount(root, lab) {
    const desks = lab.reel.game?.desks ?? [];
    if (!desks.length) return void root.append(el("p", {}, lab.t("moderator.none")));
    const desk = kept.get(keyOf(lab)) ?? kept.set(keyOf(lab), { number: 0, desks: desks.map(() => ({ flags: new Set(), revealed: false, sort: "account", filter: "all" })) }).get(keyOf(lab));
    const page = new Desks(root, lab, desks, desk);
    page.draw();
    return { rows: () => page.rows(), canvas: () => page.canvas, leave: () => page.leave() };
  },
};

const keyOf = (lab) => `${lab.id ?? ""}/${lab.reel.code}/${lab.reel.seed}`;

class Desks {
  constructor(root, lab, desks, state) {
    Object.assign(this, { root, lab, desks, state, canvas: [], ends: [] });
  }

  get desk() {
    return this.desks[this.state.number];
  }

  get own() {
    return this.state.desks[this.state.number];
  }

  leave() {
    for (const end of this.ends.splice(0)) end();
  }

  draw() {
    const { lab, desk, own, desks } = this, { t } = lab.words;
    this.leave();
    this.canvas = [];
    const day = lab.words.day(new Date(`${desk.date}Z`));
    this.count = el("output", { class: "count" });
    this.list = el("ul", { class: "accounts" });
    this.done = button(t("moderator.decide"), () => this.decide(), { class: "main" });
    this.root.replaceChildren(
      el("p", { class: "lead" }, t("moderator.lead", { day, n: Math.round(desk.hours_left / 24) })),
      el("p", {}, t("moderator.how", { budget: desk.budget })),
      el("div", { class: "row", role: "group", "aria-label": t("moderator.desks") },
        desks.map((one, number) => button(t("moderator.desk", { name: one.id }), () => this.turnTo(number), { "aria-pressed": String(number === this.state.number) }))),
      el("section", { class: "outcome", "aria-label": t("moderator.outcome"), tabindex: "-1", hidden: !own.revealed }),
      this.trending(),
      el("h2", {}, t("moderator.accounts")),
      el("p", { class: "soft" }, t("moderator.selection", { n: desk.accounts.length, days: desk.days, users: desk.users })),
      el("details", { class: "meaning" }, el("summary", {}, t("moderator.meaning")),
        el("dl", {}, FACTS.map((name) => [el("dt", {}, el("strong", {}, t(`moderator.fact_${name}`))), el("dd", {}, t(`moderator.about_${name}`))]).flat())),
      el("div", { class: "row tools" },
        choice(t("moderator.sort"), ["account", ...FACTS].map((name) => [name, t(`moderator.fact_${name}`)]), own.sort, (name) => { own.sort = name; this.fill(); }),
        choice(t("moderator.show"), Object.keys(FILTERS).map((name) => [name, t(`moderator.filter_${name}`)]), own.filter, (name) => { own.filter = name; this.fill(); })),
      el("div", { class: "row decide" }, this.count, this.done),
      this.list);
    this.fill();
    if (own.revealed) this.tell();
  }

  turnTo(number) {
    this.state.number = number;
    this.draw();
    this.root.querySelector(`[aria-pressed="true"]`)?.focus();
  }

  trending() {
    const { lab, desk } = this, { t, number } = lab.words;
    const heads = ["gained", "views", "likes", "comments", "shares", "candidate", "age"].map((name) => el("th", { scope: "col" }, t(`moderator.post_${name}`)));
    const rows = desk.trending.map((post) => el("tr", {}, el("th", { scope: "row" }, t("moderator.account", { n: String(post.author) })),
      [number(post.gained), number(post.views), number(post.likes), number(post.comments), number(post.shares), post.candidate || "–", t("moderator.hours", { n: desk.hour - post.hour })].map((cell) => el("td", {}, cell))));
    return el("details", { class: "trending" }, el("summary", {}, t("moderator.trending")),
      el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": t("moderator.trending") },
        el("table", {}, el("thead", {}, el("tr", {}, el("th", { scope: "col" }, t("moderator.post_author")), heads)), el("tbody", {}, rows))));
  }

  /** The accounts that the filter lets through, in the chosen order. */
  chosen() {
    const { sort, filter } = this.own;
    return this.desk.accounts.filter((row) => FILTERS[filter](row, this.own))
      .sort((a, b) => (sort === "account" ? a.account - b.account : b[sort] - a[sort] || a.account - b.account));
  }

  fill() {
    const rows = this.chosen();
    this.list.replaceChildren(...rows.map((row) => this.card(row)));
    if (!rows.length) this.list.append(el("li", { class: "soft" }, this.lab.t("moderator.no_rows")));
    this.counted();
  }

  counted() {
    const { own, desk, lab } = this;
    this.count.textContent = lab.t("moderator.flagged", { n: own.flags.size, most: desk.budget });
    this.done.disabled = !own.flags.size || own.revealed;
  }

  card(row) {
    const { lab, own } = this, { t } = lab.words, name = t("moderator.account", { n: String(row.account) });
    const flagged = own.flags.has(row.account), story = own.revealed ? this.truth().stories[row.account] : null;
    const flag = button(t(flagged ? "moderator.unflag" : "moderator.flag"), () => this.flag(row, flag, card), { class: "flag", "aria-pressed": String(flagged), "aria-label": t("moderator.flag_one", { name }), disabled: own.revealed });
    const card = el("li", { class: "card account", data: { flagged: String(flagged), account: String(row.account) } },
      el("div", { class: "head" }, el("strong", {}, name), flag),
      story ? el("p", { class: isCampaign(story) ? "truth guilty" : "truth" }, t(`moderator.mark_${isCampaign(story) ? "campaign" : "innocent"}`), " ", t(`moderator.kind_${story}`)) : null,
      factList(lab, row, false), sparkline(lab, row.timeline), this.company(row));
    return card;
  }

  company(row) {
    const { t } = this.lab.words, close = row.company.filter(([, posts]) => posts > 1);
    if (!close.length) return el("p", { class: "soft with" }, t("moderator.alone"));
    return el("p", { class: "soft with" }, t("moderator.with"), " ", close.map(([other, posts]) => t("moderator.pair", { account: String(other), n: posts })).join(", "));
  }

  flag(row, node, card) {
    const { own, desk, lab } = this, name = lab.t("moderator.account", { n: String(row.account) });
    if (own.flags.has(row.account)) own.flags.delete(row.account);
    else if (own.flags.size < desk.budget) own.flags.add(row.account);
    else return lab.say(lab.t("moderator.full", { most: desk.budget }));
    const flagged = own.flags.has(row.account);
    node.setAttribute("aria-pressed", String(flagged));
    node.textContent = lab.t(flagged ? "moderator.unflag" : "moderator.flag");
    card.dataset.flagged = String(flagged);
    this.counted();
    return lab.say(`${name}. ${this.count.textContent}`);
  }

  decide() {
    this.own.revealed = true;
    this.draw();
    this.root.querySelector(".outcome").focus();
  }

  truth() {
    return (this.own.truth ??= opened(this.desk.answer));
  }

  tell() {
    const { lab, desk, own } = this, place = this.root.querySelector(".outcome");
    const told = reveal(lab, desk, this.state.number, this.truth(), own, () => { Object.assign(own, { flags: new Set(), revealed: false, rerun: null }); this.draw(); });
    place.replaceChildren(...told.nodes);
    this.canvas = told.canvases;
    this.ends.push(told.leave);
  }

  /** What is on the desk as a table; what is true only once it was told. */
  rows() {
    const { desk, own } = this, told = own.revealed ? this.truth().stories : null;
    const heads = ["account", ...FACTS, "acts_by_day", "flagged", ...(told ? ["kind"] : [])];
    return [heads, ...desk.accounts.map((row) => [row.account, ...FACTS.map((name) => row[name]), byDay(row.timeline).join(" "), own.flags.has(row.account) ? 1 : 0, ...(told ? [told[row.account]] : [])])];
  }
}
