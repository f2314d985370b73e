/**
 * The second face: requests, models and timings are shown on every page of this browser once a person asked for
 * them. CSS hides them from everybody else; browser/arrival.js has set the mark before anything is painted.
 */

const KEY = "telltale:developers";
const MARK = "data-developers";

export const isForDevelopers = () => document.documentElement.hasAttribute(MARK);

export function showForDevelopers(isShown) {
  if (isShown) localStorage.setItem(KEY, "yes");
  else localStorage.removeItem(KEY);
  document.documentElement.toggleAttribute(MARK, isShown);
}
