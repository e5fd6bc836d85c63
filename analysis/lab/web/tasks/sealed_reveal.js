// All rounds at once: how often one was right, how sure, and what tells the three kinds of world apart over many seeds.

import { CLUES, clueOf } from "lab/tasks/public.js";
import { opened } from "lab/tasks/account.js";
import { button, drawing, el, explained, numbersBehind, styleOf, table } from "lab/parts.js";

const KINDS = ["quiet", "organic_surge", "coordinated", "careful"], ROW = 26;
const COLOURS = { quiet: "--left", organic_surge: "--good", coordinated: "--right", careful: "--alert" };

/** {nodes, canvases, leave} for the rounds that were opened. more: goes on with the others, null where there are none; again: begins anew. */
export function sealedReveal(lab, sealed, state, more, again) {
  const { t, number, percent } = lab.words, rounds = sealed.rounds.map((round, place) => ({ ...opened(round.answer), number: place + 1, said: state.said[place] })).filter((one) => one.said.opened);
  const right = (step) => rounds.filter((one) => one.said[step].id === one.campaign).length;
  const sure = (step, good) => mean(rounds.filter((one) => (one.said[step].id === one.campaign) === good).map((one) => one.said[step].sure));
  const clues = opened(sealed.clues), pictures = CLUES.map((clue) => picture(lab, clue, clues[clue]));
  const of = rounds.length, worlds = clues.share.quiet.values.length;
  const nodes = [
    el("h2", { tabindex: "-1" }, t("sealed.opened")),
    el("p", { class: "big" }, t("sealed.right", { first: right("curves"), second: right("clues"), of })),
    el("p", {}, t("sealed.chance", { chance: number(of / 3, 1) })),
    el("p", {}, sureSaid(lab, sure("clues", true), sure("clues", false))),
    table(t("sealed.rounds"), ["round", "first", "second", "truth", "quiet", "surge"].map((head) => t(`sealed.head_${head}`)),
      rounds.map((one) => [number(one.number), guess(lab, one, "curves"), guess(lab, one, "clues"), lab.t("sealed.truth", { name: one.campaign, kind: t(`sealed.kind_${one.kinds[one.campaign]}`) }), ...["quiet", "organic_surge"].map((kind) => worldOf(lab, one, kind))])),
    el("h2", {}, t("sealed.tells")),
    el("p", {}, t("sealed.tells_how", { worlds })),
    el("div", { class: "pair" }, CLUES.map((clue, i) => el("section", { class: "card" },
      el("h3", {}, explained(t(`sealed.clue_${clue}`), t(`sealed.about_${clue}`))), pictures[i].canvas,
      numbersBehind(t("ui.numbers"), () => table(t(`sealed.clue_${clue}`), ["kind", "mean", "interval"].map((head) => t(`sealed.head_${head}`)),
        KINDS.map((kind) => [t(`sealed.kind_${kind}`), clueOf(lab, clue, clues[clue][kind].mean), t("moderator.range", { least: clueOf(lab, clue, clues[clue][kind].low), most: clueOf(lab, clue, clues[clue][kind].high) })])))))),
    el("p", { class: "soft" }, t("sealed.comments_rare")),
    el("p", { class: "ask" }, t("sealed.discuss")),
    el("div", { class: "row" }, more ? button(t("sealed.more"), more, { class: "main" }) : null, button(t("sealed.again"), again)),
  ];
  return { nodes, canvases: pictures.map((one) => one.canvas), leave: () => pictures.forEach((one) => one.leave()) };
}

const mean = (values) => (values.length ? values.reduce((a, b) => a + b, 0) / values.length : null);

function sureSaid(lab, good, bad) {
  const { t, number } = lab.words;
  if (good === null || bad === null) return t("sealed.sure_one", { sure: number(good ?? bad, 1) });
  return t(good > bad + 0.25 ? "sealed.sure_well" : "sealed.sure_badly", { good: number(good, 1), bad: number(bad, 1) });
}

const worldOf = (lab, one, kind) => lab.t("sealed.world", { name: Object.keys(one.kinds).find((name) => one.kinds[name] === kind) });

const guess = (lab, one, step) => lab.t(one.said[step].id === one.campaign ? "sealed.guess_right" : "sealed.guess_wrong", { name: one.said[step].id, sure: one.said[step].sure });

/** One clue in all worlds: a dot a world, a bar for the mean's interval; kinds are told apart by row and by shape. */
function picture(lab, clue, kinds) {
  const most = Math.max(1e-9, ...KINDS.flatMap((kind) => [...kinds[kind].values, kinds[kind].high]));
  const label = KINDS.map((kind) => `${lab.t(`sealed.kind_${kind}`)}: ${clueOf(lab, clue, kinds[kind].mean)} (${clueOf(lab, clue, kinds[kind].low)} – ${clueOf(lab, clue, kinds[kind].high)})`).join("; ");
  return drawing(2 * ROW * KINDS.length + 20, label, (context, width) => {
    context.font = `14px ${styleOf("--font")}`;
    const x = (value) => 8 + ((width - 20) * value) / most;
    KINDS.forEach((kind, i) => {
      const line = 2 * ROW * i + 38, { values, mean: middle, low, high } = kinds[kind];
      context.fillStyle = styleOf("--ink");
      context.fillText(lab.t(`sealed.kind_${kind}`), 0, line - 18, width);
      context.fillStyle = context.strokeStyle = styleOf(COLOURS[kind]);
      context.lineWidth = 3;
      context.beginPath();
      context.moveTo(x(low), line);
      context.lineTo(x(high), line);
      context.moveTo(x(middle), line - 8);
      context.lineTo(x(middle), line + 8);
      context.stroke();
      context.lineWidth = 1.5;
      for (const value of values) mark(context, kind, x(value), line);
    });
    context.fillStyle = styleOf("--soft-ink");
    context.fillText(clueOf(lab, clue, 0), 0, 2 * ROW * KINDS.length + 16);
    context.textAlign = "right";
    context.fillText(clueOf(lab, clue, most), width, 2 * ROW * KINDS.length + 16);
    context.textAlign = "left";
  });
}

function mark(context, kind, x, y) {
  context.beginPath();
  if (kind === "quiet") context.arc(x, y, 5, 0, 7);
  else if (kind === "organic_surge") context.rect(x - 4.5, y - 4.5, 9, 9);
  else if (kind === "careful") {
    context.moveTo(x - 5, y - 5);
    context.lineTo(x + 5, y + 5);
    context.moveTo(x + 5, y - 5);
    context.lineTo(x - 5, y + 5);
  } else {
    context.moveTo(x, y - 6);
    context.lineTo(x + 6, y + 5);
    context.lineTo(x - 6, y + 5);
    context.closePath();
  }
  context.stroke();
}
