// A quiz before and after: does a campaign use this account? Scored by how well one tells, and by which way one leans.

import { FACTS, factList, shown, sparkline } from "lab/tasks/account.js";
import { classSummary } from "lab/tasks/class_summary.js";
import { csvOf, save } from "lab/export.js";
import { keep, keptOf } from "lab/tasks/quiz_store.js";
import { counted, scoreOf } from "lab/tasks/scoring.js";
import { button, el, table, veil } from "lab/parts.js";

const WHEN = ["before", "after"], SAYS = ["campaign", "innocent"], SURE = [1, 2, 3, 4];

export const view = {
  mount(root, lab) {
    if (!lab.reel.quiz?.before?.length) return void root.append(el("p", {}, lab.t("quiz.none")));
    const page = new Quiz(root, lab);
    page.draw();
    return { rows: () => page.rows() };
  },
};

class Quiz {
  constructor(root, lab) {
    Object.assign(this, { root, lab, quiz: lab.reel.quiz, kept: keptOf(lab), when: null, place: 0 });
  }

  /** Answers of a time with what is true of each item. */
  answers(when) {
    const said = this.kept[when] ?? {};
    return this.quiz[when].filter((item) => said[item.id]).map((item) => ({ id: item.id, ...said[item.id], is: shown(item.answer), story: shown(item.story) }));
  }

  isDone(when) {
    return this.answers(when).length === this.quiz[when].length;
  }

  draw() {
    const { t } = this.lab.words;
    if (this.when) return this.ask();
    const start = (when) => {
      const [done, left] = [this.isDone(when), this.quiz[when].length - this.answers(when).length];
      return el("section", { class: "card", "aria-label": t(`quiz.${when}`) }, el("h2", {}, t(`quiz.${when}`)), el("p", {}, t(`quiz.${when}_how`)),
        done ? veil(t("quiz.show"), () => this.result(when)) : button(t(left < this.quiz[when].length ? "quiz.go_on" : "quiz.start", { n: left }), () => this.begin(when), { class: "main" }));
    };
    this.root.replaceChildren(
      el("p", { class: "lead" }, t("quiz.lead")), el("p", {}, t("quiz.half", { n: this.quiz.before.length })),
      el("div", { class: "pair" }, WHEN.map(start)), this.both(),
      el("p", { class: "soft" }, t(this.lab.server ? "quiz.sent" : "quiz.here")),
      this.lab.server?.role === "teacher" ? classSummary(this.lab) : "");
  }

  begin(when) {
    this.when = when;
    this.place = Math.max(0, this.quiz[when].findIndex((item) => !this.kept[when]?.[item.id]));
    this.draw();
  }

  ask() {
    const { lab, when, place } = this, { t } = lab.words, items = this.quiz[when], item = items[place], chosen = { says: null, sure: null };
    const next = button(t(place + 1 < items.length ? "quiz.next" : "quiz.finish"), () => this.answer(item, chosen), { class: "main", disabled: true });
    const radios = (key, values, label) => el("fieldset", {}, el("legend", {}, label), el("div", { class: "row" }, values.map(([value, text]) =>
      el("label", { class: "radio" }, el("input", { type: "radio", name: key, value: String(value), on: { change: () => { chosen[key] = value; next.disabled = !(chosen.says && chosen.sure); } } }), text))));
    this.root.replaceChildren(
      el("h2", { tabindex: "-1" }, t("quiz.item", { number: place + 1, of: items.length })),
      el("progress", { max: String(items.length), value: String(place), "aria-label": t("quiz.progress") }),
      el("form", { class: "card item", on: { submit: (event) => event.preventDefault() } },
        factList(lab, item.facts), el("p", { class: "soft with" }, t("quiz.timeline")), sparkline(lab, item.timeline),
        radios("says", SAYS.map((says) => [says, t(`quiz.says_${says}`)]), t("quiz.which")),
        radios("sure", SURE.map((sure) => [sure, t(`sealed.sure_${sure}`)]), t("sealed.sure")),
        el("div", { class: "row" }, next, button(t("quiz.stop"), () => { this.when = null; this.draw(); }))));
    this.root.querySelector("h2").focus();
  }

  answer(item, chosen) {
    const { when } = this;
    this.kept[when] = { ...this.kept[when], [item.id]: { ...chosen } };
    keep(this.lab, this.kept);
    if (this.isDone(when)) return this.finish(when);
    this.begin(when);
  }

  finish(when) {
    this.when = null;
    this.draw();
    this.lab.say(this.lab.t("quiz.finished"));
    if (!this.lab.server) return;
    const answers = this.answers(when).map(({ id, says, sure }) => ({ id, says, sure }));
    this.lab.server.ask("/quiz", { reel: this.lab.id, when, answers }).catch((error) => this.lab.say(this.lab.t("quiz.not_sent", { why: error.message })));
  }

  result(when) {
    const { lab } = this, { t, number } = lab.words, answers = this.answers(when), said = scoreOf(answers), { hits, campaigns, falseAlarms, innocents } = counted(answers);
    const mistakes = answers.filter((one) => one.says !== one.is);
    return el("div", { class: "result" },
      el("p", { class: "big" }, t(`quiz.verdict_${said.words}`)),
      el("p", {}, t("quiz.counts", { hits, campaigns, alarms: falseAlarms, innocents })),
      el("p", {}, ...lab.rich("quiz.numbers", { sensitivity: number(said.sensitivity, 2), bias: number(said.bias, 2) })),
      veil(t("quiz.mistakes", { n: mistakes.length }), () => el("ul", {}, mistakes.map((one) => el("li", {}, t("quiz.mistake", { id: String(this.quiz[when].findIndex((item) => item.id === one.id) + 1), says: t(`quiz.says_${one.says}`), sure: t(`sealed.sure_${one.sure}`) }), " ", t(`quiz.was_${one.story}`))))),
      el("div", { class: "row" }, button(t("quiz.save"), () => save("groundswell-quiz.csv", csvOf(this.rows()), "text/csv")), button(t("quiz.again"), () => this.forget(when))));
  }

  /** Before and after side by side, once both are done. */
  both() {
    if (!WHEN.every((when) => this.isDone(when))) return "";
    const { t, number } = this.lab.words, [before, after] = WHEN.map((when) => scoreOf(this.answers(when)));
    const sharper = after.sensitivity - before.sensitivity, warier = before.bias - after.bias;
    const key = sharper > 0.4 ? "better" : sharper < -0.4 ? "worse" : warier > 0.3 ? "warier" : "same";
    return el("section", { class: "card" }, el("h2", {}, t("quiz.change")), veil(t("quiz.show"), () => el("div", {}, el("p", { class: "big" }, t(`quiz.change_${key}`)),
      table(t("quiz.change"), ["when", "sensitivity", "bias"].map((head) => t(`quiz.head_${head}`)),
        [["before", before], ["after", after]].map(([when, one]) => [t(`quiz.${when}`), number(one.sensitivity, 2), number(one.bias, 2)])),
      el("p", { class: "soft" }, t("quiz.few", { n: this.quiz.before.length })))));
  }

  forget(when) {
    delete this.kept[when];
    keep(this.lab, this.kept);
    this.draw();
  }

  /** Every account of the quiz with one's own answers, and what is true of it once its part is finished. */
  rows() {
    const told = (when, item) => (this.isDone(when) ? [shown(item.answer), shown(item.story)] : ["", ""]);
    return [["when", "item", ...FACTS, "says", "sure", "is", "story"], ...WHEN.flatMap((when) => this.quiz[when].map((item) => {
      const said = this.kept[when]?.[item.id];
      return [when, item.id, ...FACTS.map((name) => item.facts[name]), said?.says ?? "", said?.sure ?? "", ...told(when, item)];
    }))];
  }
}
