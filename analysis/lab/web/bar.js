// The bar with the hours: play, pause, step, jump, and which two worlds are shown.

import { button, choice, el, fresh } from "lab/parts.js";
import { writeState } from "lab/state.js";

const SPEEDS = [6, 24, 72]; // hours a second

/** {node, leave()}. */
export function clockBar(lab) {
  const { clock } = lab, id = fresh("hours");
  const play = button("", () => (clock.playing ? clock.pause() : clock.play()), { class: "play" });
  const slider = el("input", { type: "range", id, min: "0", max: String(clock.hours - 1), step: "1",
    on: { input: () => { clock.pause(); clock.set(Number(slider.value)); } } });
  const date = el("output", { for: id, class: "date" });
  const step = (hours, key) => button(lab.t(`ui.${key}`), () => clock.step(hours), { "aria-label": lab.t(`ui.${key}_long`) });
  const marks = lab.marks(), jumps = [["", lab.t("ui.jump")], ...marks.map((mark, i) => [String(i), `${lab.shortDay(mark.hour)}: ${mark.label}`])];
  const jump = choice(lab.t("ui.jump"), jumps, "", (place) => {
    if (place !== "") clock.step(marks[place].hour - clock.hour);
    jump.querySelector("select").value = "";
  });
  const speed = choice(lab.t("ui.speed"), SPEEDS.map((n) => [String(n), lab.t("ui.hours_a_second", { n })]), String(clock.speed), (n) => {
    clock.speed = Number(n);
  });
  const node = el("section", { class: "hours", "aria-label": lab.t("ui.time") },
    el("div", { class: "row" }, el("span", { class: "steps" }, step(-24, "day_back"), step(-1, "hour_back"), play, step(1, "hour_on"), step(24, "day_on")),
      el("span", { class: "wide" }, el("label", { for: id, class: "hidden" }, lab.t("ui.hour")), slider), date,
      el("span", { class: "more" }, jump, speed)));
  let day = -1, timer = 0;
  const show = (hour) => {
    slider.value = String(hour);
    const words = lab.when(hour);
    if (date.value !== words) date.value = words;
    slider.setAttribute("aria-valuetext", words);
    const label = lab.t(clock.playing ? "ui.pause" : "ui.play");
    if (play.textContent !== label) play.textContent = label;
    const today = Math.floor(hour / 24);
    if (!clock.playing || today !== day) lab.say(words);
    day = today;
    clearTimeout(timer);
    if (!clock.playing) timer = setTimeout(() => writeState({ hour }), 200);
  };
  show(clock.hour);
  const off = clock.on(show);
  return { node, leave: () => { off(); clearTimeout(timer); } };
}

/** Which two worlds are side by side. */
export function armsBar(lab) {
  const arms = lab.reel.arms.map((arm) => [arm.id, lab.armName(arm.id)]);
  return el("section", { class: "arms", "aria-label": lab.t("ui.worlds") },
    el("span", { class: "world" }, el("span", { class: "key left", "aria-hidden": "true" }),
      choice(lab.t("ui.left"), arms, lab.left, (arm) => lab.setArms(arm, lab.right))),
    el("span", { class: "world" }, el("span", { class: "key right", "aria-hidden": "true" }),
      choice(lab.t("ui.right"), arms, lab.right, (arm) => lab.setArms(lab.left, arm))));
}

/** Space plays and pauses, arrows step, Home and End go to the ends: where nothing that needs these keys has the focus. */
export function keysOf(lab) {
  const keys = { " ": () => (lab.clock.playing ? lab.clock.pause() : lab.clock.play()),
    ArrowLeft: () => lab.clock.step(-1), ArrowRight: () => lab.clock.step(1),
    PageUp: () => lab.clock.step(-24), PageDown: () => lab.clock.step(24),
    Home: () => lab.clock.step(-lab.clock.hours), End: () => lab.clock.step(lab.clock.hours) };
  return (event) => {
    const busy = event.target.closest("input, select, textarea, button, summary, a, [role=feed], [tabindex='0']");
    if (busy || event.ctrlKey || event.metaKey || event.altKey || !(event.key in keys)) return;
    event.preventDefault();
    keys[event.key]();
  };
}
