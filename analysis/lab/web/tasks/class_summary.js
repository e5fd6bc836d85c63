// How the class did in the quiz: everybody as a dot, nobody by name. For the teacher.

import { score } from "lab/tasks/scoring.js";
import { button, drawing, el, numbersBehind, styleOf, table } from "lab/parts.js";

const WHEN = ["before", "after"], LEFT = 8, FOOT = 40;
const RANGE = { sensitivity: [-2, 4], bias: [-2, 2] };

/** A section that asks the server when it is opened, and again on demand. */
export function classSummary(lab) {
  const { t } = lab.words, place = el("div", {});
  const draw = async () => {
    try {
      const said = await lab.server.ask("/quiz/summary");
      place.replaceChildren(...summaryOf(lab, said));
    } catch (error) {
      place.replaceChildren(el("p", { role: "alert" }, error.message));
    }
  };
  draw();
  return el("section", { class: "card", "aria-label": t("quiz.class") }, el("h2", {}, t("quiz.class")), el("p", {}, t("quiz.class_how")), place,
    el("div", { class: "row" }, button(t("quiz.refresh"), draw), button(t("quiz.class_csv"), () => lab.server.keep("/quiz.csv", "groundswell-quiz.csv").catch((error) => lab.say(error.message)))));
}

/** A score for each student of a time. */
export const scoresOf = (said, when) => said[when].each.map((one) => score(one.hits, one.campaign, one.false_alarms, one.innocent));

function summaryOf(lab, said) {
  const { t, number } = lab.words, scores = Object.fromEntries(WHEN.map((when) => [when, scoresOf(said, when)]));
  if (!WHEN.some((when) => scores[when].length)) return [el("p", { class: "soft" }, t("quiz.nobody"))];
  const middle = (values) => (values.length ? [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] : NaN);
  const pictures = Object.keys(RANGE).map((what) => dots(lab, what, scores));
  const row = (when) => [t(`quiz.${when}`), number(scores[when].length), ...["sensitivity", "bias"].map((what) => (scores[when].length ? number(middle(scores[when].map((one) => one[what])), 2) : "–"))];
  return [...pictures.flatMap((picture, i) => [el("h3", {}, t(`quiz.head_${Object.keys(RANGE)[i]}`)), picture.canvas]),
    numbersBehind(t("ui.numbers"), () => table(t("quiz.class"), ["when", "students", "sensitivity", "bias"].map((head) => t(`quiz.head_${head}`)), WHEN.map(row)))];
}

/** Everybody's number in one row a time; who have the same are stacked. */
function dots(lab, what, scores) {
  const [low, high] = RANGE[what], { t, number } = lab.words;
  const label = WHEN.map((when) => `${t(`quiz.${when}`)}: ${scores[when].map((one) => number(one[what], 1)).join(", ")}`).join("; ");
  return drawing(190, label, (context, width, height) => {
    const x = (value) => LEFT + ((width - 2 * LEFT) * (Math.max(low, Math.min(high, value)) - low)) / (high - low), row = (height - FOOT) / 2;
    context.font = `14px ${styleOf("--font")}`;
    context.strokeStyle = styleOf("--line");
    context.beginPath();
    context.moveTo(x(0), 0);
    context.lineTo(x(0), height - FOOT);
    context.stroke();
    WHEN.forEach((when, i) => {
      const heights = new Map(), base = row * (i + 1) - 8;
      context.fillStyle = styleOf("--ink");
      context.fillText(t(`quiz.${when}`), LEFT, row * i + 16);
      context.fillStyle = context.strokeStyle = styleOf(i ? "--right" : "--left");
      for (const one of scores[when]) {
        const at = Math.round(x(one[what]) / 11) * 11, tall = heights.get(at) ?? 0;
        heights.set(at, tall + 1);
        context.beginPath();
        context.arc(at, base - 11 * tall, 4.5, 0, 7);
        i ? context.stroke() : context.fill();
      }
    });
    context.fillStyle = styleOf("--soft-ink");
    context.fillText(t(`quiz.low_${what}`), LEFT, height - 8);
    context.textAlign = "right";
    context.fillText(t(`quiz.high_${what}`), width - LEFT, height - 8);
    context.textAlign = "center";
    context.fillText("0", x(0), height - 24);
    context.textAlign = "left";
  });
}
