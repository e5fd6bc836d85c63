// The step of a lesson, which stays in sight above the view that it is about; and the pieces of a step that the list of steps shows as well.

import { current, isShown, minutesLeft, planned, showStep, stateOf, valuesOf } from "lab/lesson_state.js";
import { button, el, veil } from "lab/parts.js";
import { readState, writeState } from "lab/state.js";

const MEANT = 1500; // milliseconds for which the part of a view that a step is about is outlined
const WITHOUT = new Set(["talk", "home"]); // kinds of steps that are done away from the page
const narrow = matchMedia("(max-width: 46rem)");
let unfolded = null; // on a narrow screen: whether the reader has unfolded the step

/** Whether a lesson is on and not just looked through. */
export const inLesson = (state = readState()) => Boolean(state.lesson) && state.view !== "lessons";

/** What stands in a step: what to do, the question, and the answer behind a fold. */
export function stepParts(lab, lesson, step, values) {
  const said = (part) => lab.rich(`lessons.${lesson.id}.${step.id}.${part}`, values);
  return [
    el("p", { class: "do" }, el("strong", {}, `${lab.t("lessons.do")}: `), ...said("do")),
    el("p", { class: "ask" }, el("strong", {}, `${lab.t("lessons.ask")}: `), ...said("ask")),
    veil(lab.t("lessons.answer"), () => el("p", {}, ...said("answer"))),
  ];
}

/** What kind of step it is, as a small mark with words. */
export const kindOf = (lab, step) => el("span", { class: `kind ${step.kind}` }, lab.t(`lessons.kinds.${step.kind}`));

/** The buttons of a step: before, show, next, and `more`. `move` is told the place of another step. */
export function stepButtons(lab, lesson, place, move, ...more) {
  const show = () => {
    unfolded = false;
    showStep(lab, lesson, place);
  };
  return el("p", { class: "row" },
    button(lab.t("lessons.back"), () => move(place - 1), { disabled: place === 0, class: "also" }),
    button(lab.t("lessons.show"), show, { class: "main" }),
    button(lab.t("lessons.next"), () => move(place + 1), { disabled: place === lesson.steps.length - 1 }), more);
}

/** 'Step 3 of 8, 33 minutes left'. */
export function placeWords(lab, lesson, place) {
  const where = lab.t("lessons.step_of", { i: place + 1, of: lesson.steps.length });
  return `${where}, ${lab.t("lessons.left", { n: minutesLeft(lesson, place) })}`;
}

/** Put the bar of the lesson that the address names into its place over a view; nothing where no lesson is on. */
export async function showBar(lab, view, host) {
  const plan = await planned(), found = current(plan);
  host.replaceChildren(...(found && view !== "lessons" ? [barOf(lab, plan, found, view, host)] : []));
  keepFree(host);
}

function barOf(lab, plan, { lesson, place, step }, view, host) {
  const wanted = stateOf(step.state, lab.reel), here = WITHOUT.has(step.kind) || isShown(wanted, { view, left: lab.left, right: lab.right });
  const missing = ["left", "right"].map((side) => step.state[side]).find((arm) => !lab.armOf(arm));
  const move = async (to) => {
    writeState({ step: to + 1 }, true);
    unfolded = true; // there is something new to read
    await showBar(lab, view, host);
    toStep();
    showPart(lab, view);
  };
  const open = narrow.matches ? (unfolded ?? false) : true;
  return el("aside", { class: "lesson card", "aria-label": lab.t("lessons.bar") },
    el("details", { open, on: { toggle: (event) => (unfolded = event.target.open) } },
      el("summary", { class: "title" }, kindOf(lab, step), ` ${lab.t(`lessons.${lesson.id}.${step.id}.title`)} `,
        el("span", { class: "soft" }, placeWords(lab, lesson, place))),
      el("div", { class: "body" }, ...stepParts(lab, lesson, step, valuesOf(plan.numbers, lab)),
        missing ? el("p", { class: "soft" }, lab.t("lessons.not_here", { arm: missing.replace("-", ", ").replaceAll("_", " ") })) : null,
        here ? null : el("p", { class: "soft" }, lab.t("lessons.elsewhere")))),
    stepButtons(lab, lesson, place, move,
      button(lab.t("lessons.steps"), () => lab.go({ view: "lessons" }), { class: "also" }),
      button(lab.t("lessons.leave"), () => lab.go({ lesson: null, step: null }), { class: "also" })));
}

/** What scrolls into sight comes to rest below the step and above the bar of the hours. */
function keepFree(host) {
  const root = document.documentElement.style;
  const measure = () => {
    root.setProperty("--above", `${host.offsetHeight}px`);
    root.setProperty("--below", `${document.querySelector(".hours")?.offsetHeight ?? 0}px`);
  };
  const watch = new ResizeObserver(measure);
  watch.observe(host);
  measure();
}

/** Focus the step over the view; false where there is none. */
export function toStep() {
  const title = document.querySelector("#lesson .title");
  title?.focus({ preventScroll: true });
  return title !== null;
}

/** Bring the part of the view that the step of the address is about into sight, and outline it for a moment. */
export async function showPart(lab, view) {
  const found = current(await planned());
  if (!found || found.step.state.view !== view) return;
  await drawn();
  const named = document.querySelector(`#view [data-part~="${found.step.part}"]`), part = named?.getClientRects().length ? named : named?.closest("details");
  if (!part) return;
  part.scrollIntoView({ block: "start", behavior: "instant" });
  part.classList.add("meant");
  setTimeout(() => part.classList.remove("meant"), MEANT);
}

/** Two pictures on: charts take their height when they are first laid out. */
const drawn = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
