// Where the posts of a candidate stand in the recommender's stages, hour by hour. Nothing here touches the page.

export const UNBORN = -3; // not posted yet
export const WAITS = -2;
export const LEFT = -1;
export const BEFORE = 24; // hours; of posts that are older than this as the film begins, those that are in a stage then

/** The rows of the posts that carry a candidate, oldest first; of old ones those that are still in a stage. */
export function postsOf(film, which) {
  const { post_candidate: carried, post_hour: hour, post_second: second, stage_start: start, stage_value: stage } = film.columns;
  const rows = [];
  for (let row = 0; row < carried.length; row += 1) {
    const plays = hour[row] >= -BEFORE || (start[row] < start[row + 1] && stage[start[row]] >= 0);
    if (carried[row] === which && plays) rows.push(row);
  }
  return rows.sort((one, other) => hour[one] - hour[other] || second[one] - second[other] || one - other);
}

/** Write one post's stages into its places of `stage` and `since`, one for each hour. */
function fillPost(film, row, hours, stage, since) {
  const { stage_start: start, stage_hour: changed, stage_value: value, post_hour: born } = film.columns;
  let [now, begin, next] = [UNBORN, born[row], start[row]];
  for (let hour = 0; hour < hours; hour += 1) {
    if (now === UNBORN && born[row] <= hour) now = WAITS;
    while (next < start[row + 1] && changed[next] <= hour) {
      [now, begin] = [value[next], changed[next]];
      next += 1;
    }
    stage[hour] = now;
    since[hour] = begin;
  }
}

/** Highest stage that a post had reached by each hour; -1 where none. */
function highest(stage, top) {
  let most = -1;
  for (let hour = 0; hour < stage.length; hour += 1) {
    most = Math.max(most, stage[hour]);
    top[hour] = most;
  }
}

/** Posts of a candidate with their stage, the hour since when, and the highest stage so far; three tables of (posts, hours). */
export function livesOf(film, which, hours) {
  const rows = postsOf(film, which);
  const [stage, top] = [new Int8Array(rows.length * hours), new Int8Array(rows.length * hours)];
  const since = new Int16Array(rows.length * hours);
  rows.forEach((row, place) => {
    const [from, to] = [place * hours, (place + 1) * hours];
    fillPost(film, row, hours, stage.subarray(from, to), since.subarray(from, to));
    highest(stage.subarray(from, to), top.subarray(from, to));
  });
  return { rows, hours, stage, since, top };
}

/** How many posts wait, and of each stage: how many are there now, ever came, went on to the next, and left from there. */
export function countsAt(lives, stages, hour) {
  const lanes = Array.from({ length: stages }, () => ({ now: 0, came: 0, on: 0, left: 0 }));
  let waiting = 0;
  for (let place = 0; place < lives.rows.length; place += 1) {
    const [stage, top] = [lives.stage[place * lives.hours + hour], lives.top[place * lives.hours + hour]];
    if (stage === WAITS) waiting += 1;
    if (stage >= 0) lanes[stage].now += 1;
    for (let passed = 0; passed <= top; passed += 1) {
      lanes[passed].came += 1;
      if (passed < top) lanes[passed].on += 1;
    }
    if (stage === LEFT && top >= 0) lanes[top].left += 1;
  }
  return { waiting, lanes };
}

/** Counters of one post at each hour of the film: views, likes, comments, shares; what was before the first hour is in it. */
export function countersOf(film, row, hours) {
  const columns = film.columns;
  const names = ["views", "likes", "comments", "shares"];
  const totals = Object.fromEntries(names.map((name) => [name, new Float64Array(hours)]));
  for (let entry = columns.count_start[row]; entry < columns.count_start[row + 1]; entry += 1) {
    const hour = Math.max(0, columns.count_hour[entry]);
    if (hour < hours) names.forEach((name) => (totals[name][hour] += columns[`count_${name}`][entry]));
  }
  for (const name of names) for (let hour = 1; hour < hours; hour += 1) totals[name][hour] += totals[name][hour - 1];
  return totals;
}

/** How many acts on a post by an hour came from accounts of each kind (truth), and how many came by a link. */
export function pushersOf(film, cast, row, hour) {
  const { act_post: post, act_hour: when, act_account: account, act_elsewhere: elsewhere } = film.columns;
  const kinds = Object.fromEntries(cast.about.kinds.map((name) => [name, 0]));
  let byLink = 0;
  for (let act = 0; act < post.length; act += 1) {
    if (post[act] !== row || when[act] > hour) continue;
    const kind = account[act] >= 0 ? cast.about.kinds[cast.columns.kind[account[act]]] : undefined;
    if (kind !== undefined) kinds[kind] += 1;
    if (elsewhere[act]) byLink += 1;
  }
  return { kinds, byLink };
}
