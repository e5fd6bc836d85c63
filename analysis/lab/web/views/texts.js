// What posts and comments say: made from templates, keyed by the post, so that a post reads the same in both worlds and in every language.
// The model knows subjects by number only; words are invented here, none is an argument for anybody.

import { carriedBy, commentersOf, rowIn, spokenOf } from "lab/feeds.js";
import { SUBJECTS } from "lab/views/thumbnails.js";

const FORMS = 4, THINGS = 6, POLITICAL_FORMS = 4, POLITICAL_THINGS = 12, COMMENTS = 10, NAMING = 5; // how many of each the words hold
const CANDIDATES = 11, GENERIC = 1000; // hashtags from here on stand for candidates, and for subjects

// Words that are the same in both languages; the number of the account makes the name its own.
const HANDLES = ["panda", "origami", "kiwi", "robot", "cactus", "domino", "banjo", "tango", "piano", "safari", "bonsai", "lotus", "atlas",
  "zebra", "koala", "radio"];

/** One whole number of 32 bits from some others. */
export function mixed(...numbers) {
  let word = 0x9e3779b9;
  for (const number of numbers) {
    word = Math.imul(word ^ number, 0x85ebca6b);
    word = Math.imul(word ^ (word >>> 13), 0xc2b2ae35);
    word ^= word >>> 16;
  }
  return word >>> 0;
}

const picked = (count, ...numbers) => mixed(...numbers) % count;

/** An invented name of an account, from its number. */
export const handleOf = (account) => `${HANDLES[picked(HANDLES.length, account, 1)]}_${account}`;

/** A number for a post that is the same in every world: of its author, hour and second. */
export const keyOf = (posts, post) => mixed(posts.columns.post_author[post], posts.columns.post_hour[post], posts.columns.post_second[post]);

/** The main subject of some weights on the subjects: the place of the largest. */
export function mainSubject(weights) {
  let most = 0;
  for (let subject = 1; subject < SUBJECTS; subject++) if (weights[subject] > weights[most]) most = subject;
  return most;
}

/** The main subject of a post. */
export function subjectOf(posts, post) {
  const width = posts.shape.post_topic[1];
  return mainSubject(posts.columns.post_topic.subarray(post * width, post * width + SUBJECTS));
}

/** The letter of a candidate; "" for none. */
export const letterOf = (lab, candidate) => (candidate >= 0 ? lab.reel.candidates[candidate] : "");

/** What a post says. */
export function textOf(lab, posts, post) {
  const key = keyOf(posts, post), letter = letterOf(lab, posts.columns.post_candidate[post]);
  if (letter) {
    const subject = lab.t(`phone.political_things.${picked(POLITICAL_THINGS, key, 2)}`);
    return lab.t(`phone.political_forms.${picked(POLITICAL_FORMS, key, 3)}`, { letter, subject });
  }
  const subject = lab.t(`phone.things.${subjectOf(posts, post)}.${picked(THINGS, key, 4)}`);
  const said = lab.t(`phone.forms.${picked(FORMS, key, 5)}`, { subject });
  return said[0].toLocaleUpperCase(lab.words.language) + said.slice(1);
}

/** The hashtag of a post as it is written; "" for none. */
export function hashtagOf(lab, posts, post) {
  const number = posts.columns.post_hashtag[post];
  if (number >= GENERIC) return `#${lab.t(`topics.${number - GENERIC}`).replaceAll(" ", "")}`;
  return number ? `#${lab.reel.candidates[number - CANDIDATES] ?? number}` : "";
}

/** The number of the candidate whom most comments name, of the post's own where the film does not say; -1 where they name nobody. */
function spoken(lab, posts, entry) {
  const own = posts.columns.post_candidate[entry.post];
  return spokenOf(entry, own >= 0 ? own : lab.reel.candidates.indexOf(lab.reel.candidate));
}

/** The letter of the candidate whom most comments name; "" for none. */
export const spokenLetter = (lab, posts, entry) => letterOf(lab, spoken(lab, posts, entry));

/**
 * Some comments under a post as an hour ends, the last first: [{handle: "" where the film does not keep who it was, text}].
 * arm: the film with acts, posts: that with the post. Who commented is the model's; the words follow from whether comments there name a
 * candidate: those by accounts that the campaign runs, buys or asks do, of others as many as make it true.
 */
export function commentsOf(lab, arm, posts, entry, total, most) {
  const key = keyOf(posts, entry.post), own = posts.columns.post_candidate[entry.post], named = spoken(lab, posts, entry);
  const letter = letterOf(lab, named >= 0 ? named : own) || lab.reel.candidate;
  const often = named >= 0 ? 6 : own >= 0 ? 3 : 0; // of 8 comments by people whom nobody asked
  const known = commentersOf(arm, rowIn(arm, posts, entry.post), entry.hour);
  return Array.from({ length: Math.min(most, total, known.length || most) }, (_, i) => {
    const account = known[i] ?? -1, kind = account < 0 ? "" : lab.cast.about.kinds[lab.cast.columns.kind[account]];
    const naming = ["operated", "vendor", "volunteer"].includes(kind) || picked(8, key, account, i, 6) < often;
    const text = naming
      ? lab.t(`phone.naming.${picked(NAMING, key, account, i, 7)}`, { letter })
      : lab.t(`phone.plain_comments.${picked(COMMENTS, key, account, i, 8)}`);
    return { handle: account < 0 ? "" : handleOf(account), text };
  });
}

/** The letter of the candidate whom a place of a feed carried; "" for none. */
export const carriedLetter = (lab, posts, entry) => letterOf(lab, carriedBy(posts, entry, lab.reel.candidates.indexOf(lab.reel.candidate)));
