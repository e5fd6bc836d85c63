// Where the campaign's money went, hour by hour, and what a view cost. Nothing here touches the page.

import { columnOf } from "lab/film.js";

/** Euros spent so far on each tactic that costs anything; `upTo` is its upper edge in the picture, where tactics lie on each other. */
export function layersOf(film, tactics) {
  const layers = tactics.map((tactic, which) => ({ tactic, spent: columnOf(film, "spent", which) }));
  const costly = layers.filter((layer) => layer.spent.at(-1) > 0);
  let below = costly[0]?.spent.map(() => 0);
  return costly.map((layer) => {
    below = layer.spent.map((value, hour) => value + below[hour]);
    return { ...layer, upTo: below };
  });
}

/** Euros spent so far on all tactics together, at each of some hours. */
export const spentOf = (layers, hours) => layers.at(-1)?.upTo ?? Array.from({ length: hours }, () => 0);

/** Euros for 1,000 views that the candidate has more than in the other world; null while there are none, or nothing was paid. */
export function priceOf(spent, views, viewsWithout) {
  return Array.from(spent, (euros, hour) => {
    const gained = views[hour] - viewsWithout[hour];
    return gained > 0 && euros > 0 ? (1000 * euros) / gained : null;
  });
}
