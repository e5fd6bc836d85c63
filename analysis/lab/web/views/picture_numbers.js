// Numbers behind the small pictures, read from a film.

const MINUTE = 60, HOUR = 3600; // seconds

/** The kind of each account, in words of `cast.film`. */
export const kindNames = (cast) => Array.from(cast.columns.kind, (kind) => cast.about.kinds[kind]);

/** Rows of the posts whose candidate (its place, or -1) is one that is asked for. */
export const postsThat = (film, which) => [...film.columns.post_candidate.keys()].filter((post) => which(film.columns.post_candidate[post]));

/** What a counter came to, over some posts. */
export function sumOf(film, posts, name) {
  const { count_start: start, [name]: column } = film.columns;
  let sum = 0;
  for (const post of posts) for (let i = start[post]; i < start[post + 1]; i++) sum += column[i];
  return sum;
}

/** Likes of some posts by accounts that are asked for, in the measured hours. */
export function likesBy(film, posts, which) {
  const { act_post, act_account, act_verb } = film.columns, like = film.about.verbs.indexOf("like"), among = new Set(posts);
  let sum = 0;
  for (let i = 0; i < act_post.length; i++) if (act_verb[i] === like && among.has(act_post[i]) && which(act_account[i])) sum++;
  return sum;
}

/** Accounts that commented on a post within a minute of another account. */
export function commenters(film) {
  const { act_hour, act_second, act_account, act_post, act_verb } = film.columns, comment = film.about.verbs.indexOf("comment");
  const time = (i) => act_hour[i] * HOUR + act_second[i];
  const order = [...act_hour.keys()].filter((i) => act_verb[i] === comment).sort((i, j) => act_post[i] - act_post[j] || time(i) - time(j));
  const together = new Set();
  for (let k = 1; k < order.length; k++) {
    const [i, j] = [order[k - 1], order[k]];
    if (act_post[i] === act_post[j] && act_account[i] !== act_account[j] && time(j) - time(i) <= MINUTE) together.add(act_account[i]).add(act_account[j]);
  }
  return [...together];
}

/** How many of some posts came as far as each stage; nothing where the recommender has none. */
export function liveStages(film, posts) {
  const { stage_start: start, stage_value: value } = film.columns, reached = Array(film.about.stages ?? 0).fill(0);
  for (const post of posts) {
    let furthest = -1;
    for (let i = start[post]; i < start[post + 1]; i++) furthest = Math.max(furthest, value[i]);
    for (let stage = 0; stage <= furthest && stage < reached.length; stage++) reached[stage]++;
  }
  return reached;
}
