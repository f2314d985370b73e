import { say } from "../models/words.js";
import { loadComponent } from "./components.js";

/** While one is spoken, what happens is gathered: of many at once the first are told, and the rest is counted. */
const SPEAKING_MS = 3_000;
const AT_ONCE = 3;

/**
 * Says sentences to whoever hears the page, also the same one again.
 *
 * @param {HTMLElement} region a live region
 * @returns {(sentence: string) => void}
 */
export function announcer(region) {
  let gathered = [];
  let isSpeaking = false;

  function speak() {
    isSpeaking = gathered.length > 0;
    if (!isSpeaking) return;
    const told = gathered.slice(0, AT_ONCE);
    const count = gathered.length - told.length;
    if (count > 0) told.push(say("page.more", { count }));
    gathered = [];
    // Words in place of equal words are none that are new; an element is.
    const sentence = document.createElement("span");
    sentence.textContent = told.join(" ");
    region.replaceChildren(sentence);
    setTimeout(speak, SPEAKING_MS);
  }

  return (sentence) => {
    gathered.push(sentence);
    if (!isSpeaking) speak();
  };
}

/** Says of an answer what its card does; what it takes comes with the card. */
export async function announceAnswer(announce, prediction) {
  try {
    await loadComponent("photo-card");
  } catch {
    return; // Nothing is shown of it either.
  }
  const { headlineOf } = await import("../models/confidence.js");
  announce(`${headlineOf(prediction)}.`);
}
