// Two phones side by side: what one and the same person was shown in both worlds, post by post.

import { byDay, visitAfter } from "lab/feeds.js";
import { button, el, veil } from "lab/parts.js";
import { readState, writeState } from "lab/state.js";
import { daysNumbers, daysPicture, daysStrip, picker } from "lab/views/phone_person.js";
import { sentences } from "lab/views/phone_post.js";
import { Phone } from "lab/views/phone_screen.js";
import { handleOf } from "lab/views/texts.js";

const SIDES = ["left", "right"], DAY = 24;

/** The account that the address names; that of the reel's first person where it names none. */
function accountAsked(lab) {
  const asked = readState().person ?? "", known = /^\d+$/.test(asked) && Number(asked) < lab.cast.columns.kind.length;
  return known ? Number(asked) : lab.reel.people[0].account;
}

/** The whole view: whose phones, the days, and the two phones. */
class Phones {
  constructor(root, lab, films) {
    Object.assign(this, { root, lab, films, account: accountAsked(lab), turn: 0 });
    this.said = el("p", { class: "note" });
    this.whose = el("div", {});
    this.strip = el("div", { class: "strip" });
    this.caption = el("p", {}, lab.t("phone.days", { letter: lab.reel.candidate }));
    const hooks = { shownIn: (side) => this.phones[side].feeds && this.phones[side].firstShown(),
      cross: (side, at) => this.cross(side, at) };
    this.phones = Object.fromEntries(SIDES.map((side, i) => [side, new Phone(lab, side, films[i], hooks)]));
    this.switches = SIDES.map((side) => button(lab.t(`ui.${side}`), () => this.turnTo(side), { data: { side } }));
    root.append(el("p", { class: "lead" }, ...lab.rich("phone.lead")), el("div", { class: "above" }, this.whose, this.strip), this.said,
      el("div", { class: "switch", role: "group", "aria-label": lab.t("phone.which") }, this.switches),
      el("div", { class: "phones", data: { part: "phones" } }, SIDES.map((side) => this.phones[side].node)),
      el("p", {}, lab.rich("phone.ways", { letter: lab.reel.candidate })),
      el("p", { class: "soft small" }, lab.t("phone.keys", { letter: lab.reel.candidate })), el("p", { class: "soft small" }, lab.t("phone.invented")));
    this.turnTo("right");
  }

  /** A sentence above the phones, said aloud as well. */
  note(text) {
    this.said.textContent = text;
    if (text) this.lab.say(text);
  }

  /** On a narrow screen one phone is seen at a time. */
  turnTo(side) {
    this.root.dataset.side = side;
    for (const one of this.switches) one.setAttribute("aria-pressed", String(one.dataset.side === side));
  }

  /** From a post to the same place on the other phone. */
  cross(side, at) {
    const phone = this.phones[side];
    if (!phone.entries.length) return;
    this.turnTo(side);
    phone.focus(Math.min(at, phone.entries.length - 1));
  }

  /** Feeds of an account in both worlds, and its row in them; null where there are none. */
  async feedsOf(account) {
    const { lab } = this, row = lab.reel.people.findIndex((person) => person.account === account);
    if (row >= 0) return { feeds: this.films, row };
    try {
      const feeds = await Promise.all(SIDES.map((side) => lab.feeds(lab[side], account)));
      return feeds[0] && { feeds, row: 0 };
    } catch {
      return null; // the server has said why; a reel's own people are there in any case
    }
  }

  /** Look at the phones of an account; returns it, null where its feeds could not be had or, where they must hold something, are empty. */
  async choose(account, must = false) {
    const mine = ++this.turn, { lab } = this;
    let had = await this.feedsOf(account);
    if (mine !== this.turn) return null;
    if (must && had && !had.feeds.some((feeds) => visitAfter(feeds, had.row, -1) >= 0)) had = null;
    this.note(had ? "" : lab.t("phone.not_had", { handle: handleOf(account) }));
    if (!had) return null;
    this.account = account;
    SIDES.forEach((side, i) => this.phones[side].take(had.feeds[i], had.row));
    this.whose.replaceChildren(picker(lab, account, (other, filled) => this.chosen(other, filled)), this.who());
    this.numbers = daysNumbers(lab, () => this.days(lab.clock.hour), () => this.today);
    this.today = null;
    this.show(lab.clock.hour);
    return account;
  }

  /** Somebody was chosen: the address keeps who, and the focus stays where the choice was made. */
  async chosen(account, must = false) {
    const held = this.whose.contains(document.activeElement) ? document.activeElement.tagName : null;
    const found = await this.choose(account, must);
    if (found === null) return null;
    writeState({ person: account });
    if (held) this.whose.querySelector(held === "SELECT" ? ".picker select" : held === "INPUT" ? ".picker input" : "summary").focus();
    return found;
  }

  /** Behind the veil: what kind of account this is. */
  who() {
    const { lab, account } = this, { kind, fan, returner } = lab.cast.columns;
    return veil(lab.t("phone.who"), () => sentences([lab.rich(`phone.kind_${lab.cast.about.kinds[kind[account]]}`),
      fan[account] ? lab.rich("phone.fan") : null, returner[account] ? lab.rich("phone.returner") : null]));
  }

  days(hour) {
    const { hours } = this.lab.reel.calendar;
    return Object.fromEntries(SIDES.map((side) => {
      const { posts, feeds, person, focal } = this.phones[side];
      return [side, byDay(posts, feeds, person, focal, hours, hour)];
    }));
  }

  show(hour) {
    if (!this.phones.left.feeds) return;
    for (const side of SIDES) this.phones[side].show(hour);
    const visits = SIDES.map((side) => this.phones[side].visit).join(), today = Math.floor(hour / DAY);
    if (today === this.today && (visits === this.visits || this.lab.clock.playing)) return; // a day that plays is told once
    this.visits = visits;
    this.showDays(hour, today);
  }

  showDays(hour, today) {
    const places = [...this.strip.querySelectorAll("button")], held = places.indexOf(document.activeElement);
    this.today = today;
    this.strip.replaceChildren(this.caption, daysStrip(this.lab, this.days(hour), today, (day) => this.toDay(day)), this.numbers);
    const days = this.strip.querySelectorAll(".days button");
    if (held >= 0) days[Math.min(held, days.length - 1)].focus();
    const list = this.strip.querySelector(".days"), now = list.children[today];
    list.scrollLeft = now.offsetLeft - list.clientWidth / 2;
  }

  leave() {
    this.turn += 1;
    for (const side of SIDES) clearTimeout(this.phones[side].timer);
  }

  /** To the end of a day, so that its last visit is shown. */
  toDay(day) {
    this.lab.clock.pause();
    this.lab.clock.set(Math.min(day * DAY + DAY - 1, this.lab.reel.calendar.hours - 1));
  }
}

export const view = {
  name: "phone",
  needs: ["film"],
  async mount(root, lab, films) {
    const page = new Phones(root, lab, films ?? (await lab.both()));
    if ((await page.choose(page.account)) === null) await page.choose(lab.reel.people[0].account);
    return {
      show: (hour) => page.show(hour),
      leave: () => page.leave(),
      canvas: () => daysPicture(lab, page.days(lab.clock.hour), handleOf(page.account)),
      rows: () => [["world", "hour", "place", "author", "text", "carried", "why", "views", "likes", "comments", "shares"],
        ...SIDES.flatMap((side) => page.phones[side].rows())],
    };
  },
};
