// A world that runs with other settings: what the server says of it as its hours pass, whichever view is looked at.

import { writeState } from "lab/state.js";

/** state: "" before anything, "runs", "done", "failed". */
export class Run {
  constructor() {
    this.listeners = new Set();
    this.clear();
  }

  clear() {
    Object.assign(this, { state: "", sentence: "", arm: "", hour: -1, hours: 0, impressions: [], political: [], reach: [], spent: [], share: 0, before: null, end: () => {} });
  }

  /** Call fn now and whenever something is new; returns what ends that. */
  on(fn) {
    this.listeners.add(fn);
    fn();
    return () => this.listeners.delete(fn);
  }

  tell() {
    for (const fn of this.listeners) fn();
  }

  /** Ask for a world. Throws what the server refuses. */
  async begin(lab, asked) {
    this.end();
    const { events } = await lab.server.ask("/worlds", { settings: asked });
    this.clear();
    this.state = "runs";
    this.candidate = lab.reel.candidates.indexOf(lab.reel.candidate);
    this.before = { arm: lab.right, film: await lab.film(lab.right) };
    this.end = lab.server.follow(events, (said) => this.hear(lab, said));
    this.tell();
  }

  /** Stop it; the server stops the world. */
  stop() {
    this.end();
    Object.assign(this, { state: "", sentence: "" });
    this.tell();
  }

  hear(lab, said) {
    if ("error" in said) Object.assign(this, { state: "failed", sentence: said.error || lab.t("controls.broken") });
    else if ("done" in said) return this.take(lab, said.done);
    else if ("waits" in said) this.sentence = said.waits ? lab.t("controls.waits", { n: said.waits }) : lab.t("controls.gets_ready");
    else if (said.prepares) this.prepares(lab, said);
    else this.add(lab, said);
    return this.tell();
  }

  prepares(lab, { passed, of }) {
    this.share = passed / of;
    this.sentence = lab.t(this.hour < 0 ? "controls.warms_up" : "controls.twin");
  }

  add(lab, said) {
    this.hour = said.hour;
    this.hours = said.hours;
    this.share = (said.hour + 1) / said.hours;
    this.impressions.push(said.impressions[this.candidate]);
    this.political.push(said.political);
    this.reach.push(said.reach[this.candidate]);
    this.spent.push(said.spent.reduce((sum, euros) => sum + euros, 0));
    this.sentence = lab.t("controls.passes", { when: lab.when(said.hour) });
  }

  /** The new reel takes the place of the old one; what was seen before stays as a thin line. */
  async take(lab, id) {
    lab.ghost = this.before;
    writeState({ reel: id, left: null, right: null });
    await lab.open(id);
    const { arms } = lab.reel, last = arms.at(-1), moderated = last.moderation !== "none";
    lab.left = (arms.find((arm) => (moderated ? arm.campaign === last.campaign && arm.moderation === "none" : arm.campaign === "quiet")) ?? last).id;
    lab.right = last.id;
    writeState({ left: lab.left, right: lab.right });
    this.state = "done";
    this.sentence = lab.t("controls.done");
    this.totals = totalsOf(lab.reel, last);
    lab.changed();
    lab.say(this.sentence);
  }

  /** The hours as a table. */
  rows(lab) {
    if (!this.impressions.length) return null;
    const heads = ["hour", "impressions", "political", "reach", "spent"];
    return [heads, ...this.impressions.map((seen, hour) => [hour, seen, this.political[hour], this.reach[hour], this.spent[hour]])];
  }
}

/** What a reel came to: the candidate's impressions per genuine user in each arm. */
function totalsOf(reel, last) {
  const seen = (campaign, moderation) => {
    const arm = reel.arms.find((one) => one.campaign === campaign && one.moderation === moderation);
    return arm ? arm.totals.candidate_impressions / arm.totals.genuine_users : null;
  };
  return { quiet: seen("quiet", "none"), campaign: seen(last.campaign, "none"), moderated: last.moderation === "none" ? null : seen(last.campaign, last.moderation),
    quietModerated: last.moderation === "none" ? null : seen("quiet", last.moderation) };
}
