// One phone: what a person was shown at the last visit up to the hour that is shown, and the keys by which one moves in it.

import { carriedBy, countersAt, nextCarried, placeOf, placesOf, postsAt, postsOf, visitAfter, visitUntil, WHY } from "lab/feeds.js";
import { button, el, fresh } from "lab/parts.js";
import { postArticle } from "lab/views/phone_post.js";
import { carriedLetter, handleOf, keyOf, textOf } from "lab/views/texts.js";

const AT_ONCE = 5, PATIENCE = 60; // posts that are made while hours go by; milliseconds after which the others follow, if the hours stand still
const NEXT = new Set(["ArrowDown", "PageDown", "j", "J"]), BEFORE = new Set(["ArrowUp", "PageUp", "k", "K"]);

/**
 * One phone. side: 'left' or 'right'; film: of its arm. hooks: shownIn(side) the hours in which posts were first shown on a phone, by key;
 * cross(side, at) goes to a place on the other phone.
 */
export class Phone {
  constructor(lab, side, film, hooks) {
    Object.assign(this, { lab, side, film, hooks, feeds: null, person: 0, visit: null, entries: [], lifted: new Set() });
    this.focal = lab.reel.candidates.indexOf(lab.reel.candidate);
    const heading = fresh("phone"), letter = lab.reel.candidate;
    this.status = el("p", { class: "status" });
    this.said = el("p", { class: "note" });
    this.screen = el("div", { class: "screen", on: { keydown: (event) => this.pressed(event) } });
    this.earlier = button(lab.t("phone.earlier"), () => this.goTo(visitUntil(this.feeds, this.person, this.visit - 1)));
    this.later = button(lab.t("phone.later"), () => this.goTo(visitAfter(this.feeds, this.person, this.lab.clock.hour)));
    this.next = button(lab.t("phone.next", { letter }), () => this.jump());
    this.node = el("section", { class: `handset ${side}`, "aria-labelledby": heading },
      el("h2", { id: heading }, el("span", { class: `key ${side}`, "aria-hidden": "true" }), ` ${lab.t(`ui.${side}`)}: ${lab.armName(lab[side])}`),
      el("div", { class: "row" }, this.earlier, this.later, this.next), this.said, this.status, this.screen);
  }

  /** Whose feed: a film with feed columns, and the person's row in it. */
  take(feeds, person) {
    Object.assign(this, { feeds, person, posts: postsOf(this.film, feeds), visit: null, first: null, jumped: null });
    this.lifted.clear();
    this.said.textContent = "";
  }

  carries(entry) {
    return carriedBy(this.posts, entry, this.focal) === this.focal;
  }

  /** The hour in which this person was first shown a post, by the post's key. */
  firstShown() {
    if (this.first) return this.first;
    this.first = new Map();
    const [begin, end] = placesOf(this.feeds, this.person);
    for (let place = begin; place < end; place++) {
      const { post, hour } = placeOf(this.feeds, place), key = keyOf(this.posts, post);
      if (!this.first.has(key)) this.first.set(key, hour);
    }
    return this.first;
  }

  show(hour) {
    if (!this.feeds) return;
    const visit = visitUntil(this.feeds, this.person, hour);
    if (visit !== this.visit) this.open(visit);
    this.earlier.disabled = visit < 0 || visitUntil(this.feeds, this.person, visit - 1) < 0;
    this.later.disabled = visitAfter(this.feeds, this.person, hour) < 0;
    this.tell(hour);
  }

  /** Say when the app was opened, and what the feed held. */
  tell(hour) {
    const { lab, visit } = this, n = this.entries.length, letter = lab.reel.candidate;
    if (visit < 0) return this.status.replaceChildren(lab.t("phone.never"));
    const carried = String(this.entries.filter((entry) => this.carries(entry)).length);
    const what = lab.t("phone.visit", { n, carried, letter, when: lab.when(visit) });
    return this.status.replaceChildren(visit === hour ? what : `${lab.t("phone.closed", { n: hour - visit })} ${what}`);
  }

  /** Fill the screen with a visit; who was on a post stays on it, or goes to the first. */
  open(visit) {
    const held = this.screen.contains(document.activeElement) ? document.activeElement.closest("article")?.dataset.key ?? "" : null;
    const atOnce = this.visit === null ? Infinity : AT_ONCE;
    this.visit = visit;
    this.entries = visit < 0 ? [] : postsAt(this.feeds, this.person, visit);
    clearTimeout(this.timer);
    this.screen.replaceChildren();
    this.screen.scrollTop = 0;
    this.describe(this.entries.length);
    this.fill(atOnce);
    this.mark(0);
    this.fillLater();
    if (held !== null && this.entries.length) this.focus(Math.max(0, this.entries.findIndex(({ post }) => String(keyOf(this.posts, post)) === held)));
  }

  /** Put posts on the screen until there are so many. */
  fill(upTo) {
    const other = this.hooks.shownIn(this.side === "left" ? "right" : "left"), of = this.entries.length, made = [];
    for (let at = this.screen.children.length; at < Math.min(upTo, of); at++) {
      const entry = this.entries[at], elsewhere = (other?.get(keyOf(this.posts, entry.post)) ?? Infinity) <= this.visit;
      const article = postArticle(this.lab, this.film, this.posts, entry, { at, of, carried: this.carries(entry), elsewhere, lifted: this.lifted });
      article.addEventListener("focusin", () => this.mark(at));
      made.push(article);
    }
    this.screen.append(...made);
    if (of) this.screen.setAttribute("aria-busy", String(this.screen.children.length < of));
  }

  /** The other posts, once the hours stand still: a page that plays has no time for what nobody can scroll to. */
  fillLater() {
    if (this.screen.children.length >= this.entries.length) return;
    this.timer = setTimeout(() => (this.lab.clock.playing ? this.fillLater() : this.fill(Infinity)), PATIENCE);
  }

  /** A feed has articles: an empty screen is none. */
  describe(count) {
    if (!count) return this.screen.removeAttribute("role");
    this.screen.setAttribute("role", "feed");
    return this.screen.setAttribute("aria-label", this.lab.t("phone.feed", { world: this.lab.t(`ui.${this.side}`) }));
  }

  /** The post that the Tab key comes back to. */
  mark(at) {
    this.at = at;
    for (const [place, article] of [...this.screen.children].entries()) article.tabIndex = place === at ? 0 : -1;
  }

  focus(at) {
    this.fill(at + 2);
    const article = this.screen.children[at];
    if (!article) return;
    article.focus({ preventScroll: true });
    this.screen.scrollTo({ top: article.offsetTop, behavior: this.lab.clock.calm ? "instant" : "smooth" });
    this.node.scrollIntoView({ block: "nearest" }); // with its buttons and what it says
  }

  goTo(hour) {
    if (hour < 0) return;
    this.lab.clock.pause();
    this.lab.clock.set(hour);
  }

  /** The place in the feed from which the next post is looked for: the post that has the focus, or what is scrolled to the top. */
  from() {
    if (!this.entries.length) return placesOf(this.feeds, this.person)[0] - 1;
    if (this.screen.contains(document.activeElement) || this.jumped === this.entries[this.at].place) return this.entries[this.at].place;
    const top = [...this.screen.children].findIndex((article) => article.offsetTop + article.offsetHeight / 2 > this.screen.scrollTop);
    return this.entries[Math.max(0, top)].place - 1;
  }

  /** Go to the next post that carried the campaign's candidate, in this visit or a later one; after the last to the first. */
  jump() {
    const { lab, posts, feeds, person, focal } = this, values = { letter: lab.reel.candidate };
    if (!feeds) return;
    const later = nextCarried(posts, feeds, person, this.from(), focal);
    const found = later ?? nextCarried(posts, feeds, person, placesOf(feeds, person)[0] - 1, focal);
    this.note(found ? (later ? "" : lab.t("phone.from_start", values)) : lab.t("phone.no_next", values));
    if (!found) return;
    if (found.hour !== this.visit) this.goTo(found.hour);
    this.jumped = found.place;
    this.focus(this.entries.findIndex((entry) => entry.place === found.place));
  }

  /** A sentence inside this phone, said aloud as well. */
  note(text) {
    this.said.textContent = text;
    if (!text) return;
    this.lab.say(text);
    this.node.scrollIntoView({ block: "nearest" });
  }

  pressed(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || !this.entries.length) return;
    const last = this.entries.length - 1, go = (at) => this.focus(Math.max(0, Math.min(last, at)));
    if (NEXT.has(event.key)) go(this.at + 1);
    else if (BEFORE.has(event.key)) go(this.at - 1);
    else if (event.key === "Home") go(0);
    else if (event.key === "End") go(last);
    else if (event.key === "n" || event.key === "N") this.jump();
    else if (event.key === "w" || event.key === "W") this.screen.children[this.at].querySelector(".veil")?.toggleAttribute("open");
    else if (event.key === "ArrowLeft" || event.key === "ArrowRight") this.hooks.cross(event.key === "ArrowLeft" ? "left" : "right", this.at);
    else return;
    event.preventDefault();
  }

  /** What is on the screen as rows of a table. */
  rows() {
    return this.entries.map((entry, at) => {
      const { views, likes, comments, shares } = countersAt(this.posts, entry.post, entry.hour);
      return [this.lab[this.side], entry.hour, at + 1, handleOf(this.posts.columns.post_author[entry.post]), textOf(this.lab, this.posts, entry.post),
        carriedLetter(this.lab, this.posts, entry), WHY[entry.why], views, likes, comments, shares];
    });
  }
}
