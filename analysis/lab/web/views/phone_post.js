// One post as it stood in a feed: who, what, how often, why it is here; and, behind the veil, who made it.

import { actsOn, countersAt, decisionsOn, DID, MARK, paidTo, pushedBy, rowIn, WHY } from "lab/feeds.js";
import { el, fresh, svg, veil } from "lab/parts.js";
import { commentsOf, handleOf, hashtagOf, keyOf, letterOf, spokenLetter, subjectOf, textOf } from "lab/views/texts.js";
import { thumbnail } from "lab/views/thumbnails.js";

const SHOWN = 2, SHOWN_FLOODED = 5, OPENED = 14; // comments at first, at first where most name a candidate, and when they are opened
const DAY = 24, HOUR = 3600; // hours, seconds
const SIGNS = { // forms of the counters, 16 wide
  views: "M4 2L13 8L4 14Z", likes: "M8 14L2 8A3.4 3.4 0 0 1 8 4A3.4 3.4 0 0 1 14 8Z", comments: "M2 3H14V11H7L4 14V11H2Z",
  shares: "M2 13Q3 6 9 6V2.5L14.5 8L9 13V9.5Q5 9.5 2 13Z",
};
const REASONS = { // a form for each way into a feed, so that they are told apart at a glance
  friend: "M5 7a3 3 0 1 1 .1 0ZM12 7a2.4 2.4 0 1 1 .1 0ZM1 14q1-6 4-6t4 6ZM10 14q0-4-1-5.500q5-1.500 6 5.500Z", followed: "M8 7a3.200 3.200 0 1 1 .1 0ZM3 14q1-6 5-6t5 6Z",
  trial: "M6 2H10V6L14 14H2L6 6Z", promoted: "M8 2L14 9H10.500V14H5.500V9H2Z", alike: "M8 1L10 6L15 6L11 9.500L12.500 15L8 11.500L3.500 15L5 9.500L1 6L6 6Z",
};

const sign = (d, kind) => svg("svg", { viewBox: "0 0 16 16", class: `sign ${kind}`, "aria-hidden": "true", focusable: "false" }, svg("path", { d }));

/** How old a post was, in words. */
function ageOf(lab, posts, entry) {
  const { post_hour, post_second } = posts.columns;
  const hours = entry.hour - post_hour[entry.post];
  if (hours < 1) return lab.t("phone.age_minutes", { n: Math.max(1, Math.floor((HOUR - post_second[entry.post]) / 60)) });
  return hours < 2 * DAY ? lab.t("phone.age_hours", { n: hours }) : lab.t("phone.age_days", { n: Math.floor(hours / DAY) });
}

/** Labels that stood on a post: by its author, or by the platform. */
function labelsOf(lab, posts, entry) {
  const own = posts.columns.post_disclosed[entry.post], given = entry.mark & MARK.label;
  return [own ? el("p", { class: "label paid" }, lab.t("phone.label_paid")) : null,
    given ? el("p", { class: "label given" }, lab.t("phone.label_given")) : null];
}

function countersList(lab, counters) {
  return el("dl", { class: "counters" }, Object.entries(counters).map(([name, number]) =>
    el("div", {}, el("dt", {}, sign(SIGNS[name], ""), el("span", { class: "hidden" }, lab.t(`phone.${name}`))), el("dd", {}, lab.words.short(number)))));
}

/** The comments under a post: the last ones, the others when they are asked for. */
function commentsList(lab, arm, posts, entry, total) {
  if (!total) return null;
  const some = entry.mark & MARK.named ? SHOWN_FLOODED : SHOWN;
  const item = ({ handle, text }) => el("li", {}, handle ? el("b", {}, `${handle} `) : null, text);
  const list = (...items) => el("ul", { class: "comments" }, ...items);
  const first = list(commentsOf(lab, arm, posts, entry, total, some).map(item));
  if (total <= some) return first;
  const more = el("details", { class: "more" }, el("summary", {}, lab.t("phone.more_comments", { n: total - some })));
  more.addEventListener("toggle", () => {
    if (more.children.length > 1) return;
    const all = commentsOf(lab, arm, posts, entry, total, OPENED), left = total - all.length;
    more.append(list(all.slice(some).map(item), left > 0 ? el("li", { class: "soft" }, lab.t("phone.and_more", { n: left })) : null));
  });
  return [first, more];
}

/** What the person did with the post, in words. */
function didOf(lab, entry) {
  const done = Object.keys(DID).filter((name) => name !== "carried" && entry.did & DID[name]).map((name) => lab.t(`phone.did_${name}`));
  return done.length ? lab.t("phone.did", { what: done.join(", ") }) : lab.t("phone.did_nothing");
}

/** Who made a post, sentence by sentence: the truth, which nobody on the platform sees. */
function truthOf(lab, arm, posts, entry) {
  const { post_author, post_cause, post_supports } = posts.columns, { hour } = entry;
  const author = post_author[entry.post], kind = lab.cast.about.kinds[lab.cast.columns.kind[author]];
  const letter = letterOf(lab, post_supports[entry.post]), row = rowIn(arm, posts, entry.post);
  const euros = paidTo(arm, author, hour), decided = decisionsOn(arm, row, author, hour);
  return sentences([
    lab.rich(`phone.kind_${kind}`),
    letter && kind !== "official" ? lab.rich("phone.supporter", { letter }) : null,
    lab.rich(`phone.cause_${post_cause[entry.post]}`, { letter: lab.reel.candidate }),
    euros > 0 ? lab.rich(lab.reel.scale ? "phone.paid_of_country" : "phone.paid_so_far", paidWords(lab, euros)) : null,
    ...pushWords(lab, arm, posts, entry, row),
    ...(decided.length ? decided.map((one) => decisionWords(lab, one)) : [lab.rich("phone.not_moderated")]),
  ]);
}

/** Euros of this small world, and what stands for them in the whole country. */
const paidWords = (lab, euros) => ({ euros: lab.words.number(euros, euros < 10 ? 2 : 0), country: lab.words.number(euros / (lab.reel.scale || 1)) });

/** Sentences as a list; null for none. */
export const sentences = (said) => el("ul", { class: "truth" }, said.filter(Boolean).map((nodes) => el("li", {}, nodes)));

/** Who pushed a post: acts are kept on posts about the election alone. */
function pushWords(lab, arm, posts, entry, row) {
  if (posts.columns.post_candidate[entry.post] < 0 && !actsOn(arm, row).length) return [];
  const [sleepers, bought] = ["operated", "vendor"].map((kind) => pushedBy(arm, lab.cast, row, kind, entry.hour));
  const words = (key, { accounts, acts }) => lab.rich(key, { n: accounts, acts: String(acts) });
  return [sleepers.accounts ? words("phone.pushed_operated", sleepers) : lab.rich("phone.pushed_by_none"), bought.accounts ? words("phone.pushed_vendor", bought) : null];
}

function decisionWords(lab, { hour, action, policy, author }) {
  const words = (kind, value) => (lab.words.has(`${kind}.${value}`) ? lab.t(`${kind}.${value}`) : value.replaceAll("_", " "));
  return lab.rich(author ? "phone.decided_author" : "phone.decided", { when: lab.when(hour), action: words("phone.actions", action), policy: words("policies", policy) });
}

/**
 * The post at a place of a feed, as an article. arm: the film of the world; posts: the film that holds the post.
 * at, of: its place in the visit, and how many there are; carried: whether it carried the campaign's candidate; elsewhere: whether this
 * person had been shown it in the other world, too; lifted: keys of posts whose veil is up.
 */
export function postArticle(lab, arm, posts, entry, { at, of, carried, elsewhere, lifted }) {
  const key = keyOf(posts, entry.post), counters = countersAt(posts, entry.post, entry.hour), why = WHY[entry.why];
  const letter = letterOf(lab, posts.columns.post_candidate[entry.post]), tag = hashtagOf(lab, posts, entry.post);
  const [whose, said, reason] = [fresh("author"), fresh("said"), fresh("why")];
  const behind = veil(lab.t("ui.who_made_this"), () => truthOf(lab, arm, posts, entry));
  behind.open = lifted.has(key);
  behind.addEventListener("toggle", () => (behind.open ? lifted.add(key) : lifted.delete(key)));
  return el("article", { class: `post${carried ? " carried" : ""}`, tabindex: "-1", "aria-posinset": String(at + 1), "aria-setsize": String(of),
    "aria-labelledby": `${whose} ${said}`, "aria-describedby": reason, data: { key: String(key) } },
    el("p", { class: "author" }, el("span", { class: "face", "aria-hidden": "true" }), el("b", { id: whose }, handleOf(posts.columns.post_author[entry.post])),
      el("span", { class: "soft" }, ageOf(lab, posts, entry))),
    thumbnail(subjectOf(posts, entry.post), key, letter),
    labelsOf(lab, posts, entry),
    el("p", { class: "said", id: said }, textOf(lab, posts, entry.post), tag ? el("span", { class: "tag" }, ` ${tag}`) : null),
    el("p", { class: "why", id: reason }, sign(REASONS[why], "reason"), el("span", {}, lab.t(`phone.why_${why}`))),
    countersList(lab, counters),
    entry.mark & MARK.named ? el("p", { class: "soft small" }, lab.t("phone.most_name", { letter: spokenLetter(lab, posts, entry) })) : null,
    commentsList(lab, arm, posts, entry, counters.comments),
    el("p", { class: "soft small" }, didOf(lab, entry), " ", lab.t(elsewhere ? "phone.in_both" : "phone.here_only")),
    behind);
}
