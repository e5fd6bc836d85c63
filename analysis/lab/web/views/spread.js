// When and how the people of the follow graph first saw the candidate. Nothing here touches the page.

export const NEVER = 65535;
// By how saw_why is coded (sim/runs/film): the last had seen the candidate before the film.
export const WAYS = ["shared", "followed", "trial", "promoted", "alike", "before"];

/** The nodes that had seen the candidate by each hour, in the order in which they did: places sorted by hour, and how many by each hour. */
export function orderOf(film, hours) {
  const saw = film.columns.saw_hour;
  const order = Array.from(saw, (_, node) => node).filter((node) => saw[node] !== NEVER && saw[node] < hours);
  order.sort((one, other) => saw[one] - saw[other] || one - other);
  const by = new Uint32Array(hours);
  let place = 0;
  for (let hour = 0; hour < hours; hour += 1) {
    while (place < order.length && saw[order[place]] <= hour) place += 1;
    by[hour] = place;
  }
  return { order, by };
}

/** The hour from which both ends of each edge had seen the candidate; NEVER where one never did. */
export function sharedHours(film, edges) {
  const saw = film.columns.saw_hour;
  return Uint16Array.from(edges, ([one, other]) => Math.max(saw[one], saw[other]));
}

/** How many of the nodes had seen the candidate by an hour, and by which way first. */
export function waysAt(film, spread, hour) {
  const ways = Object.fromEntries(WAYS.map((way) => [way, 0]));
  for (let place = 0; place < spread.by[hour]; place += 1) ways[WAYS[film.columns.saw_why[spread.order[place]]]] += 1;
  return { seen: spread.by[hour], ...ways };
}
