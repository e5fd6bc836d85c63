// What a person was shown, and how posts stood at an hour, read from the columns of a film (sim/runs/film says what each one means).

import { lastAt } from "lab/film.js";

/** How a post came into a feed, by the number in `feed_why`. */
export const WHY = ["friend", "followed", "trial", "promoted", "alike"];

/** Bits of `feed_flags`: what the person did with a post; the last, that this impression carried a candidate. */
export const DID = { watched: 1, liked: 2, commented: 4, shared: 8, followed: 16, reported: 32, opened: 64, carried: 128 };

/** Bits of `feed_mark`: what was to be seen at a post, a label of the platform, and whether most comments named a candidate. */
export const MARK = { label: 1, named: 2 };
const WHOM = 2; // from this bit of `feed_mark` on stands the number of the candidate whom most comments named, plus 1; 0 where it is not told

const DAY = 24;

/** Places of all that a person was shown: [begin, end) in the feed columns. person: row of the person in this film. */
export const placesOf = (film, person) => [film.columns.feed_start[person], film.columns.feed_start[person + 1]];

/** Places of what a person was shown in one hour: [begin, end), empty where the app stayed closed. */
export function placesAt(film, person, hour) {
  const [begin, end] = placesOf(film, person), hours = film.columns.feed_hour;
  return [lastAt(hours, begin, end, hour - 1) + 1, lastAt(hours, begin, end, hour) + 1];
}

/** One place of a feed: the hour, the post (its row in the film of the arm), why it is there, what the person did, what was to be seen. */
export function placeOf(film, place) {
  const { feed_hour, feed_post, feed_why, feed_flags, feed_mark } = film.columns;
  return { place, hour: feed_hour[place], post: feed_post[place], why: feed_why[place], did: feed_flags[place], mark: feed_mark[place] };
}

/**
 * The feed that a person got in an hour, in the order shown; empty where the app stayed closed.
 * film: the film of an arm, person: its row among the reel's people; or the film of one account (`lab.feeds`), and person 0.
 */
export function postsAt(film, person, hour) {
  const [begin, end] = placesAt(film, person, hour);
  return Array.from({ length: end - begin }, (_, i) => placeOf(film, begin + i));
}
export { postsAt as posts_at };

/** The last hour up to the given one in which a person opened the app; -1 where there is none. */
export function visitUntil(film, person, hour) {
  const [begin, end] = placesOf(film, person), last = lastAt(film.columns.feed_hour, begin, end, hour);
  return last < begin ? -1 : film.columns.feed_hour[last];
}

/** The first hour after the given one in which a person opened the app; -1 where there is none. */
export function visitAfter(film, person, hour) {
  const [begin, end] = placesOf(film, person), next = lastAt(film.columns.feed_hour, begin, end, hour) + 1;
  return next < end ? film.columns.feed_hour[next] : -1;
}

/** The film that holds the posts to which the places of a feed point: the feeds' own where they bring them along, else that of the arm. */
export const postsOf = (arm, feeds) => (feeds.about.own_posts ? feeds : arm);

/** The candidate whom most comments at a place named, -1 for none; focal where the film does not say whom. */
export function spokenOf(entry, focal) {
  if (!(entry.mark & MARK.named)) return -1;
  return entry.mark >> WHOM ? (entry.mark >> WHOM) - 1 : focal;
}

/**
 * The candidate whom a place of a feed carried, -1 for none: named by the post or, where the person opened the comments, by most of them.
 * posts: the film that holds the posts; focal: the campaign's candidate, for whom comments count where the film does not say whom they name.
 */
export function carriedBy(posts, entry, focal) {
  if (!(entry.did & DID.carried)) return -1;
  const named = posts.columns.post_candidate[entry.post];
  return named >= 0 ? named : spokenOf(entry, focal);
}

/** The first place after `place` that carried a candidate, as `placeOf`; null where there is none. */
export function nextCarried(posts, feeds, person, place, candidate) {
  const end = placesOf(feeds, person)[1];
  for (let next = place + 1; next < end; next++) {
    const entry = placeOf(feeds, next);
    if (carriedBy(posts, entry, candidate) === candidate) return entry;
  }
  return null;
}

/** What a person was shown day by day up to the end of an hour: [{posts, carried}], one a day of the measured time. */
export function byDay(posts, feeds, person, candidate, hours, until) {
  const days = Array.from({ length: Math.ceil(hours / DAY) }, () => ({ posts: 0, carried: 0 }));
  const [begin] = placesOf(feeds, person), end = placesAt(feeds, person, until)[1];
  for (let place = begin; place < end; place++) {
    const entry = placeOf(feeds, place), day = days[Math.floor(entry.hour / DAY)];
    day.posts += 1;
    if (carriedBy(posts, entry, candidate) === candidate) day.carried += 1;
  }
  return days;
}

/** The public counters of a post as an hour ends: what it and earlier hours added up to. */
export function countersAt(film, post, hour) {
  const { count_start, count_hour, count_views, count_likes, count_comments, count_shares } = film.columns;
  const sums = { views: 0, likes: 0, comments: 0, shares: 0 };
  for (let i = count_start[post]; i < count_start[post + 1] && count_hour[i] <= hour; i++) {
    sums.views += count_views[i];
    sums.likes += count_likes[i];
    sums.comments += count_comments[i];
    sums.shares += count_shares[i];
  }
  return sums;
}

const rowsOf = new WeakMap(), byPost = new WeakMap();

/** The row in the film of an arm of a post of another film of the same world, such as one account's feed; -1 where the arm does not keep it. */
export function rowIn(arm, posts, post) {
  if (posts === arm) return post;
  const nameOf = ({ post_author, post_hour, post_second }, row) => `${post_author[row]} ${post_hour[row]} ${post_second[row]}`;
  if (!rowsOf.has(arm)) rowsOf.set(arm, new Map(Array.from(arm.columns.post_author, (_, row) => [nameOf(arm.columns, row), row])));
  return rowsOf.get(arm).get(nameOf(posts.columns, post)) ?? -1;
}

/** Places in the act columns of what was done to a post, in the order of time; none where the film keeps no acts on it. */
export function actsOn(film, post) {
  if (!byPost.has(film)) {
    const places = new Map();
    film.columns.act_post.forEach((on, i) => (places.has(on) ? places.get(on).push(i) : places.set(on, [i])));
    byPost.set(film, places);
  }
  return byPost.get(film).get(post) ?? [];
}

/** Accounts that commented on a post up to the end of an hour, the last first, as far as the film keeps acts on it. */
export function commentersOf(film, post, hour) {
  const { act_hour, act_account, act_verb } = film.columns, verb = (film.about.verbs ?? []).indexOf("comment");
  return actsOn(film, post).filter((i) => act_verb[i] === verb && act_hour[i] <= hour).map((i) => act_account[i]).reverse();
}

/** What accounts of one kind did to a post up to the end of an hour: {accounts, acts}. Truth: for behind the veil. */
export function pushedBy(film, cast, post, kind, hour) {
  const { act_hour, act_account } = film.columns, number = cast.about.kinds.indexOf(kind);
  const done = actsOn(film, post).filter((i) => act_hour[i] <= hour && cast.columns.kind[act_account[i]] === number);
  return { accounts: new Set(done.map((i) => act_account[i])).size, acts: done.length };
}

/** Euros that the campaign paid to an account up to the end of an hour. Truth: for behind the veil. */
export function paidTo(film, account, hour) {
  const { payment_hour, payment_account, payment_cents } = film.columns;
  let cents = 0;
  payment_account.forEach((whom, i) => (cents += whom === account && payment_hour[i] <= hour ? payment_cents[i] : 0));
  return cents / 100;
}

/**
 * What moderation decided about a post, or about its author as a whole, up to the end of an hour.
 * post: its row, -1 where the film does not keep it; author: an account. Returns [{hour, action, policy, author: whether it is about the author}].
 */
export function decisionsOn(film, post, author, hour) {
  const { decision_hour, decision_action, decision_policy, decision_account, decision_post } = film.columns;
  const found = [];
  for (let i = 0; i < decision_hour.length; i++) {
    const whole = decision_post[i] < 0 && decision_account[i] === author, own = post >= 0 && decision_post[i] === post;
    if (decision_hour[i] > hour || !(whole || own)) continue;
    found.push({ hour: decision_hour[i], action: film.about.actions[decision_action[i]], policy: film.about.policies[decision_policy[i]], author: whole });
  }
  return found;
}
