// What anybody could count of a sealed world: curves by day, and clues about who comments.

import { drawing, styleOf } from "lab/parts.js";

export const MEASURES = ["share", "views", "followers", "posts"];
export const CLUES = ["share", "comments", "accounts", "busiest", "together", "per_thousand"];
const LEFT = 52, FOOT = 22, TOP = 8;

/** A clue as it is said. */
export function clueOf(lab, clue, value) {
  if (clue === "share" || clue === "busiest") return lab.words.percent(value);
  return lab.words.number(value, clue === "per_thousand" ? 1 : 0);
}

/** A curve over days with steps marked by dots; most: of the axis, shared by worlds that stand side by side. */
export function curve(lab, values, most, measure, days, label) {
  const said = (value) => (measure === "share" ? lab.words.percent(value) : lab.words.short(value));
  const first = lab.words.shortDay(new Date(`${days[0]}T00:00Z`)), last = lab.words.shortDay(new Date(`${days.at(-1)}T00:00Z`));
  return drawing(150, `${label}: ${values.map(said).join(", ")}`, (context, width, height) => {
    const top = Math.max(most, 1e-9) * 1.05, base = height - FOOT;
    const x = (day) => LEFT + ((width - LEFT - 8) * day) / Math.max(1, values.length - 1), y = (value) => base - ((base - TOP) * value) / top;
    context.font = `13px ${styleOf("--font")}`;
    context.fillStyle = styleOf("--ink");
    context.strokeStyle = styleOf("--line");
    context.lineWidth = 1;
    for (const share of [0, 0.5, 1]) {
      const level = y(most * share);
      context.beginPath();
      context.moveTo(LEFT, level);
      context.lineTo(width, level);
      context.stroke();
      context.textAlign = "right";
      context.fillText(said(most * share), LEFT - 5, level + 5);
    }
    context.textAlign = "left";
    context.fillText(first, LEFT, height - 5);
    context.textAlign = "right";
    context.fillText(last, width - 4, height - 5);
    context.strokeStyle = context.fillStyle = styleOf("--left");
    context.lineWidth = 3;
    context.beginPath();
    values.forEach((value, day) => (day ? context.lineTo(x(day), y(value)) : context.moveTo(x(day), y(value))));
    context.stroke();
    values.forEach((value, day) => {
      context.beginPath();
      context.arc(x(day), y(value), 3.5, 0, 7);
      context.fill();
    });
  });
}
