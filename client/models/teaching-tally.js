/** What became of the photos that somebody taught with, in words. */

import { explain } from "./error-sentences.js";
import { say } from "./words.js";

const MOST_NAMES = 3;

/** @returns {string[]} nothing where there is nothing to tell */
export function tallySentences({ total, done, added, known, failures }, app) {
  if (total === 0) return [];
  const quota = app.session.account?.quota;
  const reasons = new Map();
  for (const { file, error } of failures) {
    const { sentence } = explain(error, { limits: app.session.limits, quota });
    reasons.set(sentence, [...(reasons.get(sentence) ?? []), file.name || say("photo.unnamed")]);
  }
  const refused = total - added - known - failures.length;
  return [
    done < total && say("lesson.adding", { done, count: total }),
    done === total && added > 0 && say("lesson.added", { count: added }),
    known > 0 && say("lesson.known", { count: known }),
    ...[...reasons].map(([sentence, names]) => `${listed(names)}: ${sentence}`),
    done === total && refused > 0 && say("lesson.leftOut", { count: refused }),
  ].filter(Boolean);
}

function listed(names) {
  const shown = names.slice(0, MOST_NAMES).join(", ");
  const count = names.length - MOST_NAMES;
  return count > 0 ? say("lesson.andMore", { names: shown, count }) : shown;
}
