// What flags come to, from worlds that were run when the desk was made: in between these the page interpolates, and says so.

/** Shares taken away [mean, lowest, highest] for a share of the campaign's accounts, on straight lines between points [share, ...]. */
export function takenFor(points, share) {
  const after = points.findIndex((point) => point[0] >= share);
  if (after <= 0) return points[Math.max(0, after)].slice(1);
  const [from, to] = [points[after - 1], points[after]];
  const way = (share - from[0]) / (to[0] - from[0]);
  return [1, 2, 3].map((place) => from[place] + way * (to[place] - from[place]));
}

/** How many of the campaign's accounts a ranking finds before it hits more than so many innocents; stories: {account: story}. */
export function foundAt(ranking, stories, innocents) {
  let found = 0, hit = 0;
  for (const account of ranking) {
    if (isCampaign(stories[account])) found++;
    else if (++hit > innocents) break;
  }
  return found;
}

/** Whether a story is that of an account that somebody uses who has many. */
export const isCampaign = (story) => story === "operated" || story === "vendor";
