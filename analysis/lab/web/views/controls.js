// The teacher's controls: what may be asked of the world, the command that asks the same, and the world as it runs.

import { button, el } from "lab/parts.js";
import { fieldOf } from "lab/views/controls/fields.js";
import { picture } from "lab/views/controls/picture.js";
import { Run } from "lab/views/controls/run.js";

const GROUPS = ["campaign", "tactics", "platform", "moderation", "luck"];
const PRESETS = ["campaign", "moderation", "recommender"]; // what the others are, and whether they apply, hangs on these
const asked = {}; // settings that were changed, by name; kept while other views are looked at
const run = new Run();

export const view = {
  async mount(root, lab) {
    const controls = new Controls(root, lab);
    await controls.build().catch((error) => controls.refused(error));
    return { leave: () => controls.leave(), canvas: () => controls.moving.canvas(), rows: () => run.rows(lab) };
  },
};

class Controls {
  constructor(root, lab) {
    this.lab = lab;
    this.gone = false;
    this.questions = 0;
    this.frame(root);
    this.moving = picture(lab, this.live);
    this.off = run.on(() => this.told());
  }

  /** The pieces of the view. */
  frame(root) {
    const { lab } = this, t = (key) => lab.t(`controls.${key}`);
    this.fields = el("div", { class: "groups" });
    this.command = el("code", {});
    this.said = el("p", { class: "alert", role: "alert" });
    this.live = el("div");
    this.start = button(t("run"), () => this.begin(), { class: "main" });
    this.stop = button(t("stop"), () => run.stop());
    root.append(
      el("p", { class: "lead" }, t("lead")),
      el("div", { class: "beside" },
        el("section", { class: "card running", "aria-label": t("running") },
          el("div", { class: "row" }, this.start, this.stop, button(t("reset"), () => this.reset())), this.said, this.live),
        el("section", { class: "card", "aria-label": t("settings") }, this.fields)),
      el("details", { open: true }, el("summary", {}, t("command")), el("pre", {}, this.command), button(t("copy"), () => this.copy())));
  }

  leave() {
    this.gone = true;
    this.off();
    this.moving.leave();
  }

  /** Something is new about the world that runs. */
  told() {
    this.start.disabled = run.state === "runs";
    this.stop.hidden = run.state !== "runs";
    this.moving.show(run);
  }

  /** Fetch what each setting is under the chosen presets, and build the fields anew. focus: the setting that keeps the focus. */
  async build(focus) {
    const chosen = new URLSearchParams(PRESETS.filter((name) => name in asked).map((name) => [name, asked[name]]));
    const mine = ++this.questions, { settings } = await this.lab.server.ask(`/settings?${chosen}`);
    if (this.gone || mine !== this.questions) return;
    for (const one of settings) if (!applies(one, settings)) delete asked[one.name];
    const group = (name) => settings.filter((one) => one.group === name && applies(one, settings))
      .map((one) => fieldOf(this.lab, one, asked, (changed) => this.changed(changed)));
    this.fields.replaceChildren(...GROUPS.map((name) => el("fieldset", {}, el("legend", {}, this.lab.t(`controls.group_${name}`)), group(name))));
    if (focus) this.fields.querySelector(`[data-setting="${focus}"] [id]`)?.focus();
    await this.sayCommand();
  }

  changed(name) {
    const others = PRESETS.includes(name) || typeof asked[name] === "boolean";
    return (others ? this.build(name) : this.sayCommand()).catch((error) => this.refused(error));
  }

  /** Answers may come in another order than they were asked in: the last question counts. */
  async sayCommand() {
    const mine = ++this.questions;
    this.clear();
    const { command } = await this.lab.server.ask("/command", { settings: asked });
    if (mine === this.questions) this.command.textContent = command;
  }

  /** What was wrong is no more. */
  clear() {
    this.said.textContent = "";
    for (const place of this.fields.querySelectorAll(".wrong")) place.textContent = "";
    for (const field of this.fields.querySelectorAll("[aria-invalid]")) field.removeAttribute("aria-invalid");
  }

  /** What the server says stands beside the control that it is about. */
  refused(error) {
    const place = this.fields.querySelector(`[data-setting="${error.field}"]`);
    if (!place) {
      this.said.textContent = error.message;
      return;
    }
    place.querySelector(".wrong").textContent = error.message;
    const field = place.querySelector("input, select");
    field.setAttribute("aria-invalid", "true");
    field.focus();
  }

  async begin() {
    this.clear();
    await run.begin(this.lab, asked).catch((error) => this.refused(error));
  }

  async reset() {
    for (const name of Object.keys(asked)) delete asked[name];
    await this.build().catch((error) => this.refused(error));
    this.lab.say(this.lab.t("controls.was_reset"));
  }

  copy() {
    return navigator.clipboard.writeText(this.command.textContent).then(() => this.lab.say(this.lab.t("controls.copied")), () => {});
  }
}

/** A tactic that the campaign does not have, the strength of one that is off, and the start of no policy, cannot be set. */
function applies(one, settings) {
  if (one.value === null || one.choices.length === 1) return false;
  if (one.kind === "switch") return one.value;
  return !one.tactic || (asked[one.tactic] ?? settings.find((other) => other.name === one.tactic).value);
}
