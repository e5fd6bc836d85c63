// What moderation decided, day by day and account by account. Nothing here touches the page.

import { DAY } from "lab/views/twin_measures.js";

// What falls on one account or post; other actions are rules for all, or the end of something (sim/measures/costs.py).
const SANCTIONS = ["remove", "suspend", "limit", "label", "slow", "hold", "discount"];

/** Every sanction: hour, action, policy, account (of the post's author where it fell on a post), post or -1, and whether it was wrong (truth). */
export function sanctionsOf(film) {
  const columns = film.columns;
  const found = [];
  for (let row = 0; row < columns.decision_hour.length; row += 1) {
    const action = film.about.actions[columns.decision_action[row]];
    const post = columns.decision_post[row];
    const account = post >= 0 ? columns.post_author[post] : columns.decision_account[row];
    if (!SANCTIONS.includes(action) || (post < 0 && account < 0)) continue;
    const policy = film.about.policies[columns.decision_policy[row]];
    found.push({ hour: columns.decision_hour[row], action, policy, account, post, wrong: columns.decision_genuine[row] === 1 });
  }
  return found.sort((one, other) => one.hour - other.hour);
}

/** For each day of the film: requests that wait at its end, reviews, sanctions, and how many of these were right and wrong. */
export function daysOf(film, hours, sanctions) {
  const { queue, reviews } = film.columns;
  return Array.from({ length: Math.ceil(hours / DAY) }, (_, day) => {
    const last = Math.min(hours, (day + 1) * DAY) - 1;
    const todays = sanctions.filter((one) => Math.floor(one.hour / DAY) === day);
    const wrong = todays.filter((one) => one.wrong).length;
    return {
      day,
      waiting: queue[last],
      reviews: reviews[last] - (day ? reviews[day * DAY - 1] : 0),
      sanctions: todays.length,
      right: todays.length - wrong,
      wrong,
    };
  });
}

/** Sanctions, right and wrong, up to and with each hour; also how many accounts and posts they fell on. */
export function talliesOf(hours, sanctions) {
  const names = ["right", "wrong", "accounts", "posts"];
  const tallies = Object.fromEntries(names.map((name) => [name, new Uint32Array(hours)]));
  const seen = new Set();
  for (const { hour, account, post, wrong } of sanctions) {
    if (hour >= hours) continue;
    tallies[wrong ? "wrong" : "right"][hour] += 1;
    const target = post >= 0 ? `post ${post}` : `account ${account}`;
    if (!seen.has(target)) tallies[post >= 0 ? "posts" : "accounts"][hour] += 1;
    seen.add(target);
  }
  for (const name of names) for (let hour = 1; hour < hours; hour += 1) tallies[name][hour] += tallies[name][hour - 1];
  return tallies;
}

/** The first wrong sanction of each innocent, with why they looked guilty: fans first, then people who came back, then others. */
export function innocentsOf(film, cast, sanctions) {
  const stories = new Map();
  const wrong = sanctions.filter((one) => one.wrong && one.account >= 0);
  for (const one of wrong) {
    const known = stories.get(one.account);
    if (known) known.times += 1;
    else stories.set(one.account, { ...one, times: 1, story: storyOf(cast, one) });
  }
  const order = ["fan", "returner", "post", "ordinary"];
  return [...stories.values()].sort((one, other) => order.indexOf(one.story) - order.indexOf(other.story) || one.hour - other.hour);
}

function storyOf(cast, { account, post }) {
  if (post >= 0) return "post";
  if (cast.columns.fan[account]) return "fan";
  return cast.columns.returner[account] ? "returner" : "ordinary";
}
