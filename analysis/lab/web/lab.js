// What every view is handed: the reel, its films, the hour, the two worlds side by side, and the words.

import { Clock } from "lab/clock.js";
import { readFilm } from "lab/film.js";
import { explained, rich } from "lab/parts.js";
import { partOf, reelOf } from "lab/source.js";
import { readState, writeState } from "lab/state.js";
import { viewOf } from "lab/views.js";

const HOUR = 3600000; // milliseconds

export class Lab {
  constructor(server) {
    this.server = server;
    this.listeners = new Set();
    this.ghost = null; // {arm, film}: the result before the last change
    this.films = new Map();
  }

  /** Take up a reel: its head, and the cast that its worlds share. */
  async open(id) {
    this.id = id;
    this.films.clear();
    this.reel = await reelOf(id);
    this.start = Date.parse(`${this.reel.calendar.start}Z`);
    const [hour, playing, speed] = [this.clock?.hour, false, this.clock?.speed];
    const listeners = this.clock?.listeners;
    this.clock = new Clock(this.reel.calendar.hours);
    if (listeners) Object.assign(this.clock, { listeners, playing, speed });
    this.clock.exact = this.clock.within(Number(readState().hour ?? hour ?? 0)); // from the beginning: a class guesses before it sees the end
    this.cast = await readFilm(await partOf(id, "cast.film"));
    const known = (arm) => this.reel.arms.some((one) => one.id === arm);
    const { left, right } = readState();
    const campaign = this.reel.arms.find((arm) => arm.campaign !== "quiet") ?? this.reel.arms[0];
    this.left = known(left) ? left : (this.reel.arms.find((arm) => arm.campaign === "quiet") ?? campaign).id;
    this.right = known(right) ? right : campaign.id;
  }

  /** The film of an arm, read once. */
  film(arm) {
    if (!this.films.has(arm)) {
      const { file } = this.reel.arms.find((one) => one.id === arm);
      this.films.set(arm, partOf(this.id, file).then(readFilm));
    }
    return this.films.get(arm);
  }

  /** Both worlds' films: [left, right]. */
  both() {
    return Promise.all([this.film(this.left), this.film(this.right)]);
  }

  /** The feed of any account in an arm, as a film with feed columns; only the lab has those of people outside the reel. */
  async feeds(arm, account) {
    if (!this.server) return null;
    return readFilm(await partOf(this.id, `feeds/${arm}/${account}`));
  }

  armOf(id) {
    return this.reel.arms.find((arm) => arm.id === id);
  }

  /** What an arm is called. */
  armName(id) {
    const arm = this.armOf(id), { t, has } = this.words;
    const name = (kind, value) => (has(`${kind}.${value}`) ? t(`${kind}.${value}`) : value.replaceAll("_", " "));
    return t("ui.arm", { campaign: name("campaigns", arm.campaign), moderation: name("policies", arm.moderation) });
  }

  /** Show two worlds; who listens by onArms builds anew. */
  setArms(left, right) {
    Object.assign(this, { left, right });
    writeState({ left, right });
    this.changed();
  }

  /** Call fn when worlds, language or reel change; returns what ends that. */
  onChange(fn) {
    this.listeners.add(fn);
    return () => this.listeners.delete(fn);
  }

  changed() {
    for (const fn of [...this.listeners]) fn();
  }

  t(key, values) {
    return this.words.t(key, values);
  }

  /** A text with its explained words, as nodes to append. */
  rich(key, values) {
    return rich(this.t(key, values), this.words.terms);
  }

  /** A button that explains a term. */
  explain(term, label = term) {
    return explained(label, this.words.terms[term] ?? term);
  }

  /** The date on which an hour lies, as a Date that is to be read in UTC. */
  dateOf(hour) {
    return new Date(this.start + hour * HOUR);
  }

  /** '12 November, 14:00'. */
  when(hour) {
    const date = this.dateOf(hour);
    return this.t("ui.when", { day: this.words.day(date), hour: String(date.getUTCHours()).padStart(2, "0") });
  }

  shortDay(hour) {
    return this.words.shortDay(this.dateOf(hour));
  }

  /** Marks of the calendar with their words; without those of what neither of the two worlds has. */
  marks() {
    const arms = [this.left, this.right].map((id) => this.armOf(id));
    const campaign = arms.some((arm) => arm.campaign !== "quiet"), moderation = arms.some((arm) => arm.moderation !== "none");
    const there = { campaign, wake: campaign, moderation };
    return this.reel.calendar.marks.filter((mark) => there[mark.name] ?? true).map((mark) => ({ ...mark, label: this.t(`marks.${mark.name}`) }));
  }

  /** Say something to those who do not see the page. */
  say(text) {
    const live = document.getElementById("live");
    if (live && live.textContent !== text) live.textContent = text;
  }

  /** Go to a view, or another state of the page, as one step. */
  go(change) {
    writeState(change, true);
    window.dispatchEvent(new HashChangeEvent("hashchange"));
  }

  viewOf(name) {
    return viewOf(name);
  }
}
