/** What became of the photos that somebody taught with, in words. */

import { explain } from "./error-sentences.js";
import { say } from "./words.js";

const MOST_NAMES = 3;

/** @returns {string[]} nothing where there is nothing to tell */
export function tallySentences({ total, done, added, known, alike, failures }, app) {
  if (total === 0) return [];
  const quota = app.session.account?.quota;
  const reasons = new Map();
  for (const { file, error } of failures) {
    const { sentence } = explain(error, { limits: app.session.limits, quota });
    reasons.set(sentence, [...(reasons.get(sentence) ?? []), nameOf(file)]);
  }
  const refused = total - added - known - failures.length;
  return [
    done < total && say("lesson.adding", { done, count: total }),
    done === total && added > 0 && say("lesson.added", { count: added }),
    known > 0 && say("lesson.known", { count: known }),
    ...alikeSentences(alike),
    ...[...reasons].map(([sentence, names]) => `${listed(names)}: ${sentence}`),
    done === total && refused > 0 && say("lesson.leftOut", { count: refused }),
  ].filter(Boolean);
}

/**
 * Which photos look the same as one that is there: under the same label they teach little, under two one is wrong.
 *
 * @param {{file?: File, example: object, other: object}[]} alike what the API calls nearDuplicates; the files' names
 *   are told where they are known
 */
export function alikeSentences(alike) {
  const byLabel = new Map();
  for (const each of alike) {
    const { name } = each.other.label;
    const label = name === each.example.label.name ? "" : name;
    byLabel.set(label, [...(byLabel.get(label) ?? []), each]);
  }
  return [...byLabel].map(([label, photos]) => {
    const count = photos.length;
    const files = photos.flatMap(({ file }) => file ?? []);
    const names = files.length > 0 ? listed(files.map(nameOf)) : say("lesson.count", { count });
    return say(label ? "lesson.sameAsOther" : "lesson.sameAs", { count, label, names });
  });
}

const nameOf = ({ name }) => name || say("photo.unnamed");

function listed(names) {
  const shown = names.slice(0, MOST_NAMES).join(", ");
  const count = names.length - MOST_NAMES;
  return count > 0 ? say("lesson.andMore", { names: shown, count }) : shown;
}
