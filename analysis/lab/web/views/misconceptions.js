// Sentences that are often heard, each with a picture that is drawn from the worlds of this reel.

import { planned, stateOf } from "lab/lesson_state.js";
import { button, el } from "lab/parts.js";
import { picturesOf } from "lab/views/pictures.js";

export const view = {
  name: "misconceptions",
  async mount(root, lab) {
    const { misconceptions, numbers } = await planned();
    const arm = lab.reel.arms.find((one) => one.id === lab.right && one.campaign !== "quiet") ?? lab.reel.arms.find((one) => one.campaign !== "quiet") ?? lab.reel.arms[0];
    const pictures = picturesOf(lab, await lab.film(arm.id), arm, numbers);
    root.replaceChildren(
      el("p", { class: "lead" }, lab.t("misconceptions.lead")),
      el("p", { class: "ask" }, lab.t("misconceptions.ask")),
      el("div", { class: "pair" }, misconceptions.map((one) => card(lab, one, pictures[one.id]))));
    return {};
  },
};

/** One sentence; its picture is drawn when it is asked for. */
function card(lab, { id, state }, picture) {
  const said = (part) => lab.t(`misconceptions.${id}.${part}`);
  const answer = el("details", {}, el("summary", {}, lab.t("misconceptions.so")));
  answer.addEventListener("toggle", () => answer.open && answer.children.length === 1 && answer.append(...answerOf()));
  const answerOf = () => {
    const made = picture();
    return [
      made ? figure(lab, id, made) : el("p", {}, said("none")),
      el("p", {}, said("answer")),
      button(lab.t("misconceptions.show"), () => lab.go(stateOf(state, lab.reel)), { "aria-label": `${lab.t("misconceptions.show")}: ${said("said")}` }),
    ];
  };
  return el("article", { class: "card", data: { part: id } }, el("h2", {}, said("said")), answer);
}

/** The picture, with the sentence that says the same to those who do not see it. */
function figure(lab, id, { drawing, values }) {
  const words = lab.t(`misconceptions.${id}.picture`, values);
  drawing.setAttribute("role", "img");
  drawing.setAttribute("aria-label", words);
  return el("figure", {}, drawing, el("figcaption", { class: "soft" }, words));
}
