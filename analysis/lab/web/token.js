// The word by which the lab's server knows this tab. It comes after the # of the address that the terminal prints (which no server is sent), or
// for the right code; it is sent as a header, which no other page's request carries, and kept for as long as the tab is open.

import { readState, writeState } from "lab/state.js";

const KEPT = "groundswell-token";

/** Keep a token. */
export const keepToken = (token) => sessionStorage.setItem(KEPT, token);

/** The headers by which the server knows who asks. */
export function headers() {
  const { token } = readState();
  if (token) {
    keepToken(token);
    writeState({ token: null });
  }
  const kept = sessionStorage.getItem(KEPT);
  return kept ? { "x-groundswell-token": kept } : {};
}
