// Sealed worlds: say in which of three a campaign works, round by round, before any of them is opened.

import { sealedReveal } from "lab/tasks/sealed_reveal.js";
import { CLUES, MEASURES, clueOf, curve } from "lab/tasks/public.js";
import { opened } from "lab/tasks/account.js";
import { button, choice, el, explained, numbersBehind, table, veil } from "lab/parts.js";

const SURE = [1, 2, 3, 4], LEAST = 2; // rounds that are said before any world is opened
const kept = new Map(); // what was said, by reel, for as long as the page is open

export const view = {
  mount(root, lab) {
    const rounds = lab.reel.sealed?.rounds ?? [];
    if (!rounds.length) return void root.append(el("p", {}, lab.t("sealed.none")));
    const key = `${lab.id ?? ""}/${lab.reel.code}/${lab.reel.seed}`;
    if (!kept.has(key)) kept.set(key, { number: 0, measure: "share", revealed: false, said: rounds.map(() => ({})) });
    const page = new Rounds(root, lab, kept.get(key));
    page.draw();
    return { rows: () => page.rows(), canvas: () => page.canvases, leave: () => page.leave() };
  },
};

class Rounds {
  constructor(root, lab, state) {
    Object.assign(this, { root, lab, state, sealed: lab.reel.sealed, canvases: [], ends: [] });
  }

  get said() {
    return this.state.said[this.state.number];
  }

  get step() {
    return this.said.curves ? (this.said.clues ? "said" : "clues") : "curves";
  }

  leave() {
    for (const end of this.ends.splice(0)) end();
    this.canvases = [];
  }

  draw() {
    const { lab, state, sealed } = this, { t } = lab.words;
    this.leave();
    if (state.revealed) return this.reveal();
    if (this.opened()[state.number]) state.number = Math.max(0, this.left());
    const number = state.number + 1, of = sealed.rounds.length, round = sealed.rounds[state.number];
    this.root.replaceChildren(
      el("p", { class: "lead" }, t("sealed.lead")),
      el("p", {}, t("sealed.rule", { n: LEAST })),
      el("ol", { class: "steps", "aria-label": t("sealed.rounds") }, sealed.rounds.map((_, place) => {
        const done = Boolean(state.said[place].clues);
        return el("li", {}, button(t(done ? "sealed.round_done" : "sealed.round", { number: place + 1 }), () => this.go(place), { "aria-pressed": String(place === state.number), disabled: this.opened()[place] }));
      })),
      el("h2", { tabindex: "-1" }, t("sealed.round_of", { number, of })),
      choice(t("sealed.measure"), MEASURES.map((name) => [name, t(`sealed.measure_${name}`)]), state.measure, (name) => { state.measure = name; this.draw(); }),
      el("div", { class: "worlds" }, round.worlds.map((world) => this.world(world, round))),
      this.question(), lab.server?.role === "teacher" ? this.key() : "");
  }

  /** The answers, for the teacher alone. */
  key() {
    const { lab, sealed } = this, { t, number } = lab.words;
    return veil(t("sealed.key"), () => table(t("sealed.key"), ["round", "truth"].map((head) => t(`sealed.head_${head}`)), sealed.rounds.map((round, place) => {
      const { campaign, kinds } = opened(round.answer);
      return [number(place + 1), t("sealed.truth", { name: campaign, kind: t(`sealed.kind_${kinds[campaign]}`) })];
    })));
  }

  /** Whether each round's worlds were opened before. */
  opened() {
    return this.state.said.map((said) => Boolean(said.opened));
  }

  /** The first round that is not said yet; -1 where all are. */
  left() {
    return this.state.said.findIndex((said) => !said.clues);
  }

  go(place) {
    this.state.number = place;
    this.draw();
    this.root.querySelector("h2")?.focus();
  }

  world(world, round) {
    const { lab, state, sealed } = this, { t, number } = lab.words, name = t("sealed.world", { name: world.id });
    const most = Math.max(...round.worlds.flatMap((one) => one.daily[state.measure]));
    const chart = curve(lab, world.daily[state.measure], most, state.measure, sealed.days, `${name}: ${t(`sealed.measure_${state.measure}`)}`);
    this.canvases.push(chart.canvas);
    this.ends.push(chart.leave);
    const heads = ["views", "likes", ...(this.step === "curves" ? [] : ["comments"]), "shares", "followers"];
    const posts = () => table(t("sealed.posts", { name }), [t("sealed.post"), ...heads.map((head) => t(`sealed.post_${head}`))],
      world.posts.map((post, place) => [number(place + 1), ...heads.map((head) => number(post[head]))]));
    return el("section", { class: "card", "aria-label": name }, el("h3", {}, name), chart.canvas,
      numbersBehind(t("sealed.posts_show"), posts),
      this.step === "curves" ? null : el("dl", { class: "facts" }, CLUES.map((clue) =>
        el("div", {}, el("dt", {}, explained(t(`sealed.clue_${clue}`), t(`sealed.about_${clue}`))), el("dd", {}, clueOf(lab, clue, world.acts[clue]))))));
  }

  /** What is asked at this step; a guess of the round's first step is shown beside that of the second. */
  question() {
    const { lab, said, step } = this, { t } = lab.words;
    if (step === "said") return this.next();
    const worlds = this.sealed.rounds[this.state.number].worlds, chosen = { id: null, sure: null };
    const go = button(t(step === "curves" ? "sealed.say_first" : "sealed.say_second"), () => this.say(step, chosen), { class: "main", disabled: true });
    const radios = (name, values, label, key) => el("fieldset", { class: "row" }, el("legend", {}, label), values.map(([value, text]) => {
      const input = el("input", { type: "radio", name: `${name}-${this.state.number}-${step}`, value: String(value), on: { change: () => { chosen[key] = value; go.disabled = !(chosen.id && chosen.sure); } } });
      return el("label", { class: "radio" }, input, text);
    }));
    return el("form", { class: "card ask", on: { submit: (event) => event.preventDefault() } },
      el("p", {}, t(`sealed.ask_${step}`), " ", step === "clues" ? t("sealed.before", { name: said.curves.id, sure: t(`sealed.sure_${said.curves.sure}`) }) : ""),
      radios("world", worlds.map((world) => [world.id, t("sealed.world", { name: world.id })]), t("sealed.which"), "id"),
      radios("sure", SURE.map((sure) => [sure, t(`sealed.sure_${sure}`)]), t("sealed.sure"), "sure"), go);
  }

  say(step, chosen) {
    this.said[step] = { ...chosen };
    this.draw();
    this.root.querySelector(step === "curves" ? ".worlds" : "form, .ask")?.scrollIntoView?.({ block: "nearest" });
    this.lab.say(this.lab.t(step === "curves" ? "sealed.now_clues" : "sealed.kept"));
    this.root.querySelector("h2")?.focus();
  }

  next() {
    const { lab, state } = this, { t } = lab.words;
    const left = this.left(), ready = state.said.filter((said) => said.clues && !said.opened).length >= LEAST || left < 0;
    return el("div", { class: "card ask" }, el("p", {}, t("sealed.said", { name: this.said.clues.id, sure: t(`sealed.sure_${this.said.clues.sure}`) })),
      el("div", { class: "row" }, left >= 0 ? button(t("sealed.next", { number: left + 1 }), () => this.go(left), { class: ready ? "next" : "main next" }) : null,
        ready ? button(t("sealed.open"), () => this.open(), { class: "main open" }) : null));
  }

  open() {
    const { state } = this;
    state.revealed = true;
    for (const said of state.said) said.opened ||= Boolean(said.clues);
    this.draw();
    this.root.querySelector("h2")?.focus();
  }

  reveal() {
    const { state } = this, left = this.left();
    const more = () => { Object.assign(state, { revealed: false, number: left }); this.draw(); };
    const anew = () => { Object.assign(state, { revealed: false, number: 0, said: state.said.map(() => ({})) }); this.draw(); };
    const told = sealedReveal(this.lab, this.sealed, state, left >= 0 ? more : null, anew);
    this.root.replaceChildren(...told.nodes);
    this.canvases = told.canvases;
    this.ends.push(told.leave);
  }

  /** Every day of every world; which one has the campaign only once it was told. */
  rows() {
    const { sealed, state } = this;
    const heads = ["round", "world", "date", ...MEASURES, ...(state.revealed ? ["kind"] : [])];
    const kind = (round, place, world) => (state.revealed ? [state.said[place].opened ? opened(round.answer).kinds[world.id] : ""] : []);
    return [heads, ...sealed.rounds.flatMap((round, place) => round.worlds.flatMap((world) => sealed.days.map((day, at) =>
      [place + 1, world.id, day, ...MEASURES.map((name) => world.daily[name][at]), ...kind(round, place, world)])))];
  }
}

