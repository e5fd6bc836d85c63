// Whose phone it is: a person of the reel, somebody like the reader, or in the lab anybody; and this person's days in both worlds.

import { button, choice, el, fresh, numbersBehind, styleOf, table } from "lab/parts.js";
import { handleOf, mainSubject } from "lab/views/texts.js";
import { SUBJECTS } from "lab/views/thumbnails.js";

const DAY = 24; // hours
const SLIDERS = 3, STEPS = 10, TRIED = 3;
const AWAKE = -14 * DAY; // hour since when somebody must have been active to be like the reader

const cosine = (one, other) => {
  let product = 0, a = 0, b = 0;
  for (let axis = 0; axis < SUBJECTS; axis++) {
    product += one[axis] * other[axis];
    a += one[axis] ** 2;
    b += other[axis] ** 2;
  }
  return product / Math.sqrt(a * b || 1);
};

/** Accounts that the lab has feeds of beside the reel's: all ordinary ones that were active of late, with their interests. */
function everybody(lab) {
  const { kind, interest, last_active } = lab.cast.columns, ordinary = lab.cast.about.kinds.indexOf("ordinary");
  const found = [];
  for (let account = 0; account < kind.length; account++) {
    if (kind[account] === ordinary && last_active[account] >= AWAKE) found.push({ account, interest: interest.subarray(account * SUBJECTS, (account + 1) * SUBJECTS) });
  }
  return found;
}

/** The accounts whose interests point most nearly the same way, the nearest first; of equals the first. */
export function nearest(people, interest, many = 1) {
  const fits = people.map((person, place) => ({ account: person.account, fit: cosine(person.interest, interest), place }));
  return fits.sort((one, other) => other.fit - one.fit || one.place - other.place).slice(0, many).map(({ account }) => account);
}

const topic = (lab, subject) => lab.t(`topics.${subject}`);

/** What a person of the reel is called in a list: the name, the main interest, how often the app is opened. */
function describe(lab, { account, interest, sessions }) {
  return lab.t("phone.person", { handle: handleOf(account), topic: topic(lab, mainSubject(interest)), visits: lab.words.number(sessions, 1) });
}

/**
 * Choose whose phone it is. account: who it is now. fn(account, must) is called with the choice, and answers with the account, null where
 * its feeds cannot be had or, where they must hold something, are empty.
 */
export function picker(lab, account, fn) {
  const { people } = lab.reel, here = people.some((person) => person.account === account);
  const listed = people.map((person) => [String(person.account), describe(lab, person)]);
  const list = here ? listed : [[String(account), handleOf(account)], ...listed];
  return el("section", { class: "picker", "aria-label": lab.t("phone.whose") },
    choice(lab.t("phone.whose"), list, String(account), (value) => fn(Number(value))),
    lab.server ? anybody(lab, account, fn) : null,
    likeMe(lab, fn));
}

/** Any account by its number: only the lab keeps everybody's feeds. */
function anybody(lab, account, fn) {
  const id = fresh("account");
  const number = el("input", { id, type: "number", min: "0", max: String(lab.cast.columns.kind.length - 1), step: "1", required: true, value: String(account) });
  const go = (event) => {
    event.preventDefault();
    fn(Number(number.value));
  };
  return el("form", { class: "row", on: { submit: go } }, el("label", { for: id }, lab.t("phone.anybody")), number, el("button", {}, lab.t("phone.look")));
}

/** Somebody like the reader: three subjects, and how much each is liked. */
function likeMe(lab, fn) {
  const subjects = Array.from({ length: SUBJECTS }, (_, subject) => [String(subject), topic(lab, subject)]);
  const rows = Array.from({ length: SLIDERS }, (_, i) => {
    const chosen = choice(lab.t("phone.subject", { n: i + 1 }), subjects, String(i), () => slider.setAttribute("aria-label", said()));
    const select = chosen.querySelector("select");
    const said = () => lab.t("phone.how_much", { topic: topic(lab, Number(select.value)) });
    const slider = el("input", { type: "range", min: "0", max: String(STEPS), value: String(i ? 2 : STEPS) });
    slider.setAttribute("aria-label", said());
    return { select, slider, node: el("div", { class: "liking" }, chosen, slider) };
  });
  const find = async () => {
    const interest = new Array(SUBJECTS).fill(0);
    for (const { select, slider } of rows) interest[Number(select.value)] += Number(slider.value);
    if (!interest.some(Boolean)) return lab.say(lab.t("phone.like_something"));
    const others = lab.server ? nearest(everybody(lab), interest, TRIED) : []; // some have not opened the app since
    for (const account of [...others, ...nearest(lab.reel.people, interest)]) {
      if (await fn(account, true)) return lab.say(lab.t("phone.found", { handle: handleOf(account) }));
    }
    return null;
  };
  return el("details", { class: "like-me" }, el("summary", {}, lab.t("phone.like_me")), el("p", { class: "soft" }, lab.t("phone.like_me_how")),
    rows.map((row) => row.node), button(lab.t("phone.find"), find, { class: "main" }));
}

/**
 * A person's days: how many posts, and how many carried the candidate, in both worlds. fn(day) is called for the day that is chosen.
 * days: {left, right}, each as `byDay` gives; today: the day that is shown, after which nothing is told.
 */
export function daysStrip(lab, days, today, fn) {
  const most = Math.max(1, ...days.left.map((day) => day.posts), ...days.right.map((day) => day.posts)), letter = lab.reel.candidate;
  const bar = (side, { posts, carried }) => {
    const filled = el("span", { class: "carried" }), whole = el("span", { class: `bar ${side}` }, filled);
    whole.style.height = `${(100 * posts) / most}%`;
    filled.style.height = carried ? `max(4px, ${(100 * carried) / posts}%)` : "0"; // few of many posts, yet to be seen
    return whole;
  };
  const count = (side, day) => el("b", { class: `${side}-ink` }, String(days[side][day].carried));
  const values = (day) => ({ day: lab.shortDay(day * DAY), letter, left: String(days.left[day].posts), left_carried: String(days.left[day].carried),
    right: String(days.right[day].posts), right_carried: String(days.right[day].carried) });
  return el("ol", { class: "days", "aria-label": lab.t("phone.days", { letter }) }, days.left.map((_, day) => {
    const words = lab.t(day > today ? "phone.day_to_come" : "phone.day", values(day));
    const bars = day > today ? [] : [bar("left", days.left[day]), bar("right", days.right[day])];
    return el("li", {}, el("button", { type: "button", "aria-label": words, title: words, "aria-current": day === today ? "date" : null, on: { click: () => fn(day) } },
      el("span", { class: "bars", "aria-hidden": "true" }, bars),
      el("span", { class: "many", "aria-hidden": "true" }, day > today ? null : [count("left", day), count("right", day)]), el("span", { class: "day", "aria-hidden": "true" }, lab.shortDay(day * DAY))));
  }));
}

/** The numbers behind the strip of days, when they are asked for. */
export function daysNumbers(lab, daysNow, today) {
  const letter = lab.reel.candidate, heads = ["phone.head_day", "phone.head_left", "phone.head_left_carried", "phone.head_right", "phone.head_right_carried"];
  return numbersBehind(lab.t("ui.numbers"), () => {
    const days = daysNow();
    return table(lab.t("phone.days", { letter }), heads.map((head) => lab.t(head, { letter })), days.left.slice(0, today() + 1).map((day, i) =>
      [lab.shortDay(i * DAY), day.posts, day.carried, days.right[i].posts, days.right[i].carried].map(String)));
  });
}

/** The strip of days as a picture to take away. */
export function daysPicture(lab, days, who) {
  const ratio = devicePixelRatio || 1, width = 900, height = 300, floor = 250, canvas = el("canvas", { width: width * ratio, height: height * ratio });
  const context = canvas.getContext("2d"), step = (width - 40) / days.left.length, ink = styleOf("--ink");
  const most = Math.max(1, ...days.left.map((day) => day.posts), ...days.right.map((day) => day.posts));
  context.scale(ratio, ratio);
  context.font = "14px sans-serif";
  context.fillStyle = ink;
  context.fillText(lab.t("phone.picture", { handle: who, letter: lab.reel.candidate }), 20, 22, width - 40);
  for (const [at, side] of ["left", "right"].entries()) {
    context.strokeStyle = context.fillStyle = styleOf(`--${side}`);
    context.setLineDash(at ? [4, 3] : []);
    days[side].forEach(({ posts, carried }, day) => {
      const x = 20 + day * step + at * step * .42, wide = step * .36, scale = (floor - 60) / most;
      context.strokeRect(x, floor - posts * scale, wide, posts * scale);
      const tall = carried && Math.max(3, carried * scale);
      context.fillRect(x, floor - tall, wide, tall);
      if (posts) context.fillText(String(carried), x + 2, floor - posts * scale - 5);
    });
  }
  context.fillStyle = ink;
  days.left.forEach((_, day) => day % Math.ceil(days.left.length / 10) || context.fillText(lab.shortDay(day * DAY), 20 + day * step, floor + 20));
  ["left", "right"].forEach((side, at) => {
    context.fillStyle = styleOf(`--${side}`);
    context.fillText(`${lab.t(`ui.${side}`)}: ${lab.armName(lab[side])}`, 20 + (at * width) / 2, height - 8, width / 2 - 30);
  });
  return canvas;
}
