// The page: its head and menu, one view at a time, the bar with the hours, and what can be taken away.

import { armsBar, clockBar, keysOf } from "lab/bar.js";
import { csvOf, pictureOf, save } from "lab/export.js";
import { Lab } from "lab/lab.js";
import { inLesson, showBar, showPart, toStep } from "lab/lesson_bar.js";
import { openLesson } from "lab/lesson_state.js";
import { button, choice, el, styleOf } from "lab/parts.js";
import { serverOf } from "lab/server.js";
import { readState, writeState } from "lab/state.js";
import { joinPage } from "lab/join.js";
import { FIRST, GROUPS, WITHOUT_HOURS, viewsFor } from "lab/views.js";
import { LANGUAGES, speak } from "lab/words.js";

const page = document.getElementById("page");
let lab, shown = null, bar = null, turn = 0;

async function begin() {
  const server = await serverOf();
  lab = new Lab(server);
  await setLanguage(readState().lang ?? (navigator.language.startsWith("ro") ? "ro" : "en"));
  setTheme(readState().theme ?? "auto");
  if (server && server.role === null) return joinPage(lab, page, begin);
  await lab.open(readState().reel ?? server?.reel ?? "");
  await openLesson(lab);
  frame();
  await show();
  lab.onChange(renew);
  addEventListener("hashchange", follow);
  addEventListener("keydown", (event) => !WITHOUT_HOURS.has(shown?.name) && keysOf(lab)(event));
}

async function setLanguage(language) {
  lab.words = await speak(LANGUAGES.includes(language) ? language : "en");
  document.documentElement.lang = lab.words.language;
  document.title = lab.t("ui.title");
}

function setTheme(theme) {
  if (theme === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  document.dispatchEvent(new Event("theme"));
}

/** The head of the page and its menu; the view goes into #view. */
function frame() {
  const { words } = lab, now = readState().view ?? FIRST, may = viewsFor(lab.server);
  const menu = GROUPS.filter((group) => group.views.some((name) => may.includes(name))).map((group) =>
    el("li", {}, el("span", { class: "group" }, lab.t(`ui.group_${group.name}`)),
      el("ul", {}, group.views.map((name) =>
        el("li", {}, el("a", { href: `#view=${name}`, "aria-current": name === now ? "page" : null, data: { view: name },
          on: { click: (event) => { event.preventDefault(); lab.go({ view: name }); } } }, lab.t(`views.${name}`)))))));
  const takeAway = el("section", { class: "take", "aria-label": lab.t("ui.take_away") },
    button(lab.t("ui.png"), savePicture, { data: { makes: "canvas" } }), button(lab.t("ui.csv"), saveNumbers, { data: { makes: "rows" } }),
    lab.server?.role === "teacher" ? button(lab.t("ui.gif"), saveAnimation) : null);
  const lesson = inLesson();
  const views = el("nav", { "aria-label": lab.t("ui.menu") }, lesson ? el("details", {}, el("summary", {}, lab.t("ui.fold")), el("ul", {}, menu)) : el("ul", {}, menu));
  document.body.classList.toggle("in-lesson", lesson);
  page.replaceChildren(
    el("a", { class: "skip", href: "#view", on: { click: (event) => { event.preventDefault(); document.getElementById("view").focus(); } } }, lab.t("ui.skip")),
    el("header", {},
      el("p", { class: "title" }, lab.t("ui.title")), el("p", { class: "model" }, ...lab.rich("ui.model_world")),
      el("div", { class: "settings" },
        choice(lab.t("ui.language"), LANGUAGES.map((one) => [one, lab.t(`ui.in_${one}`)]), words.language, changeLanguage),
        choice(lab.t("ui.theme"), ["auto", "light", "dark"].map((one) => [one, lab.t(`ui.theme_${one}`)]), readState().theme ?? "auto", (theme) => {
          writeState({ theme: theme === "auto" ? null : theme });
          setTheme(theme);
        })), lesson ? views : null), // a class needs the room for the step and its picture
    ...(lesson ? [] : [views]),
    el("div", { id: "lesson" }),
    el("main", { id: "view", tabindex: "-1" }),
    el("div", { id: "foot" }), ...(lesson ? [] : [takeAway]),
    el("p", { id: "live", class: "hidden", role: "status", "aria-live": "polite" }));
}

/** Build the page anew; who chose something from a list stays on that list. */
async function renew() {
  const held = [...document.querySelectorAll("select")].indexOf(document.activeElement);
  frame();
  await show();
  document.querySelectorAll("select")[held]?.focus();
}

async function changeLanguage(language) {
  writeState({ lang: language });
  await setLanguage(language);
  lab.changed();
}

/** Put the view that the address names in its place. */
async function show() {
  const mine = ++turn, may = viewsFor(lab.server), asked = readState().view;
  const name = may.includes(asked) ? asked : FIRST;
  leave();
  const root = el("div", { class: `view ${name}`, data: { part: "all" } }), withHours = !WITHOUT_HOURS.has(name);
  const view = await lab.viewOf(name);
  const first = withHours ? el("p", { class: "ask", hidden: lab.clock.hour > 0 }, lab.t("ui.first_hour")) : ""; // while there is nothing to be seen yet
  const films = withHours ? await lab.both() : [];
  if (mine !== turn) return;
  document.getElementById("view").replaceChildren(el("h1", {}, lab.t(`views.${name}`)), withHours ? armsBar(lab) : "", first, root);
  if (withHours) {
    bar = clockBar(lab);
    document.getElementById("foot").replaceChildren(bar.node);
  } else document.getElementById("foot").replaceChildren();
  for (const link of document.querySelectorAll("nav a")) {
    if (link.dataset.view === name) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  await showBar(lab, name, document.getElementById("lesson"));
  const made = await view.mount(root, lab, films);
  if (mine !== turn) return made?.leave?.();
  shown = { name, ...made, off: made?.show ? lab.clock.on((hour, exact) => (made.show(hour, exact), withHours && (first.hidden = hour > 0))) : null };
  for (const offer of document.querySelectorAll(".take [data-makes]")) offer.hidden = !made?.[offer.dataset.makes];
  made?.show?.(lab.clock.hour, lab.clock.exact);
  showPart(lab, name);
  document.body.dataset.ready = name;
}

function leave() {
  delete document.body.dataset.ready;
  shown?.off?.();
  shown?.leave?.();
  bar?.leave();
  shown = bar = null;
}

/** The address was changed, by a link, a lesson or the back button. */
async function follow() {
  await openLesson(lab);
  const state = readState(), before = shown?.name;
  if (state.lang && state.lang !== lab.words.language) await setLanguage(state.lang);
  setTheme(state.theme ?? "auto");
  const known = (arm) => lab.reel.arms.some((one) => one.id === arm);
  if (known(state.left)) lab.left = state.left;
  if (known(state.right)) lab.right = state.right;
  if (state.hour !== undefined) { lab.clock.pause(); lab.clock.set(Number(state.hour)); }
  frame();
  await show();
  if (!toStep() && before !== shown?.name) document.getElementById("view").focus();
}

function savePicture() {
  const canvases = [shown?.canvas?.()].flat().filter(Boolean);
  if (!canvases.length) return lab.say(lab.t("ui.no_picture"));
  const words = `${lab.t("ui.title")}: ${lab.t(`views.${shown.name}`)}, ${lab.when(lab.clock.hour)}. ${lab.t("ui.model_world_short")}`;
  return pictureOf(canvases, words, styleOf("--ground"), styleOf("--ink")).then((png) => save(`groundswell-${shown.name}.png`, png, "image/png"));
}

function saveAnimation() {
  lab.say(lab.t("controls.draws"));
  return lab.server.keep(`/animation.gif?reel=${lab.id}&arms=${lab.left},${lab.right}`, "groundswell.gif").catch((error) => lab.say(error.message));
}

function saveNumbers() {
  const rows = shown?.rows?.();
  if (!rows) return lab.say(lab.t("ui.no_numbers"));
  return save(`groundswell-${shown.name}.csv`, csvOf(rows), "text/csv");
}

begin().catch((error) => {
  page.replaceChildren(el("p", { role: "alert", class: "alert" }, `Groundswell: ${error.message}`));
  throw error;
});
