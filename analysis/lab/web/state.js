// What the page shows is said in its address after the #, so that a teacher can send a link and a lesson can open at its state.

/** The state as an object of strings. */
export const readState = () => Object.fromEntries(new URLSearchParams(location.hash.slice(1)));

/** Change some of the state; null takes a key away. `step` makes it a step that the back button undoes. */
export function writeState(change, step = false) {
  const state = new URLSearchParams(location.hash.slice(1));
  for (const [key, value] of Object.entries(change)) {
    if (value === null || value === undefined) state.delete(key);
    else state.set(key, value);
  }
  const address = `#${state}`;
  if (address === location.hash) return;
  if (step) history.pushState(null, "", address);
  else history.replaceState(null, "", address);
}

/** The address of the page with some of the state changed, for links. */
export function linkTo(change) {
  const state = new URLSearchParams(location.hash.slice(1));
  for (const [key, value] of Object.entries(change)) value === null ? state.delete(key) : state.set(key, value);
  return `#${state}`;
}
