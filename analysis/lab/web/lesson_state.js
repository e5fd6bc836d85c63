// The plan of the lessons, and the state of the page that a step asks for.

import { planOf } from "lab/source.js";
import { readState, writeState } from "lab/state.js";

let plan = null;

/** {lessons, misconceptions, numbers}: fetched once. */
export function planned() {
  plan ??= Promise.all([planOf("lessons"), planOf("lesson_numbers")]).then(([whole, { numbers }]) => ({ ...whole, numbers }));
  return plan;
}

const swapped = { ".": ",", ",": "." };

/** What texts of lessons name: numbers as readers of the page's language write them, and the candidate's letter. */
export function valuesOf(numbers, lab) {
  const asRead = (number) => (lab.words.language === "ro" ? number.replace(/[.,]/g, (mark) => swapped[mark]) : number);
  const letter = lab.reel.candidate;
  return { ...Object.fromEntries(Object.entries(numbers).map(([name, number]) => [name, asRead(number)])), letter, "phone.next": lab.t("phone.next", { letter }) };
}

/** The lesson and the place of the step that the address names, or null. */
export function current({ lessons }, state = readState()) {
  const lesson = lessons.find((one) => one.id === state.lesson);
  if (!lesson) return null;
  const place = Math.max(0, Math.min((Number.parseInt(state.step ?? "1", 10) || 1) - 1, lesson.steps.length - 1));
  return { lesson, place, step: lesson.steps[place] };
}

/** Minutes from the beginning of a step to the end of its lesson. */
export const minutesLeft = (lesson, place) => lesson.steps.slice(place).reduce((sum, step) => sum + step.minutes, 0);

/** The arm of a reel that is nearest to the one asked for: first by whether there is a campaign, then by whether there is a policy. */
export function nearestArm(reel, asked) {
  if (reel.arms.some((arm) => arm.id === asked)) return asked;
  const [campaign, moderation] = asked.split("-");
  const unlike = (arm) =>
    4 * ((arm.campaign === "quiet") !== (campaign === "quiet")) + 2 * ((arm.moderation === "none") !== (moderation === "none")) + (arm.campaign !== campaign);
  return [...reel.arms].sort((one, other) => unlike(one) - unlike(other))[0].id;
}

/** What a step's state is in a reel: {view, hour, left, right} for the address. */
export function stateOf({ view, hour, mark, left, right }, reel) {
  const marked = mark === undefined ? hour : reel.calendar.marks.find((one) => one.name === mark)?.hour;
  const state = { view, left: nearestArm(reel, left), right: nearestArm(reel, right) };
  return marked === undefined ? state : { ...state, hour: Math.min(marked, reel.calendar.hours - 1) };
}

/** Whether the page shows what a step asks for; the hour may have gone on. */
export const isShown = (wanted, state) => ["view", "left", "right"].every((key) => wanted[key] === state[key]);

/** Bring the page to a step of a lesson. */
export function showStep(lab, lesson, place) {
  lab.go({ lesson: lesson.id, step: place + 1, ...stateOf(lesson.steps[place].state, lab.reel) });
}

/** An address that names a lesson and no view opens at the state of its step. */
export async function openLesson(lab) {
  const state = readState();
  if (!state.lesson || state.view) return;
  const found = current(await planned(), state);
  if (!found) return;
  const wanted = stateOf(found.step.state, lab.reel);
  writeState({ step: found.place + 1, ...wanted });
  Object.assign(lab, { left: wanted.left, right: wanted.right });
  if (wanted.hour !== undefined) lab.clock.set(wanted.hour);
}
