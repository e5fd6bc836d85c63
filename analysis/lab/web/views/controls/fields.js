// One setting as a labelled field with a sentence, and a place for what is wrong with it.

import { el, fresh } from "lab/parts.js";

/** The field of a setting; `asked` holds what was changed, and `changed` is called with the name of a setting that was. */
export function fieldOf(lab, setting, asked, changed) {
  const { name, kind } = setting, id = fresh("setting"), help = `${id}-help`, wrong = `${id}-wrong`;
  const value = name in asked ? asked[name] : setting.value;
  const shared = { id, "aria-describedby": `${help} ${wrong}` };
  const set = (now) => {
    if (now === setting.value && !PRESET.has(name)) delete asked[name];
    else asked[name] = now;
    changed(name);
  };
  const control = { number: numberField, choice: choiceField, switch: switchField, date: dateField }[kind](lab, setting, value, shared, set);
  const label = el("label", { for: id }, lab.t(`controls.${name}`));
  return el("div", { class: `setting ${kind}`, data: { setting: name } },
    kind === "switch" ? el("span", { class: "row" }, control, label) : [label, control],
    el("p", { class: "soft", id: help }, lab.rich(`controls.about_${name}`)), el("p", { class: "alert wrong", id: wrong, "aria-live": "polite" }));
}

const PRESET = new Set(["campaign", "moderation", "recommender"]);

function numberField(lab, { low, high, step, unit, name }, value, shared, set) {
  if (name === "seed") return el("input", { ...shared, type: "number", min: String(low), max: String(high), step: "1", value: String(value), on: { change: (event) => set(event.target.valueAsNumber) } });
  const digits = step < 1 ? 2 : 0;
  const words = (number) => lab.t(`controls.unit_${unit.replace("/", "_")}`, { value: unit === "share" ? lab.words.percent(number) : lab.words.number(number, Number.isInteger(number) ? 0 : digits) });
  const said = el("output", { for: shared.id }, words(value));
  const slider = el("input", { ...shared, type: "range", min: String(low), max: String(high), step: String(step), "aria-valuetext": words(value), on: {
    input: () => { said.value = words(slider.valueAsNumber); slider.setAttribute("aria-valuetext", said.value); },
    change: () => set(slider.valueAsNumber),
  } });
  slider.value = String(value);
  return el("span", { class: "slide" }, slider, said);
}

function choiceField(lab, { name, choices }, value, shared, set) {
  const kinds = { campaign: "campaigns", moderation: "policies" };
  const words = (each) => lab.t(name in kinds ? `${kinds[name]}.${each}` : `controls.${name}_${each}`);
  return el("select", { ...shared, on: { change: (event) => set(event.target.value) } },
    choices.map((each) => el("option", { value: each, selected: each === value }, words(each))));
}

const switchField = (lab, setting, value, shared, set) =>
  el("input", { ...shared, type: "checkbox", checked: value, on: { change: (event) => set(event.target.checked) } });

const dateField = (lab, { low, high }, value, shared, set) =>
  el("input", { ...shared, type: "date", min: low, max: high, value, required: true, on: { change: (event) => event.target.value && set(event.target.value) } });
