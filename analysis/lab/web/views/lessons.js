// The lessons: choose one, and go through its steps; the step that one is at stands in the address and nowhere else.

import { kindOf, placeWords, stepButtons, stepParts } from "lab/lesson_bar.js";
import { current, planned, showStep, valuesOf } from "lab/lesson_state.js";
import { button, el } from "lab/parts.js";
import { writeState } from "lab/state.js";

const AIMS = ["aim_1", "aim_2", "aim_3"], NEEDS = ["need_1", "need_2", "need_3"];

export const view = {
  name: "lessons",
  async mount(root, lab) {
    const plan = await planned(), found = current(plan);
    root.replaceChildren(...(found ? steps(root, lab, plan, found) : choice(lab, plan)));
    return {};
  },
};

/** All lessons, to choose from. */
function choice(lab, { lessons }) {
  return [
    el("p", { class: "lead" }, lab.t("lessons.about")),
    el("p", { class: "ask" }, lab.t("lessons.one_question")),
    el("h2", {}, lab.t("lessons.choose")),
    el("ol", { class: "pair choose" }, lessons.map((lesson) => {
      const title = lab.t(`lessons.${lesson.id}.title`);
      return el("li", { class: "card" },
        el("h3", {}, title),
        el("p", {}, ...lab.rich(`lessons.${lesson.id}.summary`)),
        el("p", { class: "soft" }, lab.t("lessons.minutes", { n: lesson.minutes })),
        button(lab.t("lessons.open", { title }), () => showStep(lab, lesson, 0), { class: "main" }));
    })),
  ];
}

/** One lesson: what for, what with, and its steps; the current one is open. */
function steps(root, lab, plan, { lesson, place }) {
  const text = (key) => lab.rich(`lessons.${lesson.id}.${key}`), values = valuesOf(plan.numbers, lab);
  const list = (title, keys) => el("div", {}, el("h3", {}, title), el("ul", {}, keys.map((key) => el("li", {}, ...text(key)))));
  const move = (to) => {
    writeState({ step: to + 1 }, true);
    root.replaceChildren(...steps(root, lab, plan, { lesson, place: to }));
    root.querySelector("[aria-current=step]").focus();
  };
  return [
    el("h2", {}, lab.t(`lessons.${lesson.id}.title`)),
    el("p", { class: "lead" }, ...text("summary")),
    el("p", { class: "soft" }, placeWords(lab, lesson, place)),
    el("div", { class: "pair" }, list(lab.t("lessons.aims"), AIMS), list(lab.t("lessons.needs"), NEEDS)),
    el("h3", {}, lab.t("lessons.steps")),
    el("ol", { class: "steps" }, lesson.steps.map((step, i) => oneStep(lab, lesson, step, i, place, values, move))),
    place === lesson.steps.length - 1 ? el("p", {}, lab.t("lessons.done")) : "",
    button(lab.t("lessons.all"), () => lab.go({ lesson: null, step: null })),
  ];
}

function oneStep(lab, lesson, step, i, place, values, move) {
  const title = lab.t(`lessons.${lesson.id}.${step.id}.title`), minutes = lab.t("lessons.minutes", { n: step.minutes });
  if (i !== place) return el("li", { class: i < place ? "over" : "" }, button(title, () => move(i)), ` ${minutes} `, kindOf(lab, step));
  return el("li", { class: "card", tabindex: "-1", "aria-current": "step" },
    el("h4", {}, title), el("p", { class: "soft" }, minutes, " ", kindOf(lab, step)),
    ...stepParts(lab, lesson, step, values), stepButtons(lab, lesson, place, move));
}
