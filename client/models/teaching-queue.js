/**
 * Photos on their way to become examples of labels, a few at a time. Fires "change" with the id of the lesson.
 *
 * A photo that is sent twice is an example once: sending again is always safe.
 */

import { withPatience } from "./backoff.js";
import { ADD_EXAMPLES } from "./teaching-operations.js";

const IN_FLIGHT = 2;
/** After these the next photo would fare no better. */
const FINAL = ["QUOTA_SPENT", "EXAMPLE_LIMIT_REACHED", "UNAUTHENTICATED", "FORBIDDEN", "NOT_FOUND"];

export class TeachingQueue extends EventTarget {
  #active = 0;
  #api;
  #connection;
  #prepare;
  #tallies = new Map();
  #waiting = [];

  /** @param {(file: Blob) => Promise<string>} parts.prepare reduces a photo, and writes it in base64 */
  constructor({ api, connection, prepare }) {
    super();
    this.#api = api;
    this.#connection = connection;
    this.#prepare = prepare;
  }

  get isBusy() {
    return this.#active + this.#waiting.length > 0;
  }

  /** Starts to count anew what becomes of the photos of a lesson, unless some are still on their way. */
  begin(lessonId) {
    const { done, total } = this.tallyOf(lessonId);
    if (done === total) this.#tallies.delete(lessonId);
  }

  /** What became of the photos of a lesson since `begin`. */
  tallyOf(lessonId) {
    return this.#tallies.get(lessonId) ?? newTally();
  }

  /** @param {{name: string, isSomethingElse: boolean}} label made where there is none of the name */
  add(lessonId, label, files) {
    const tally = this.tallyOf(lessonId);
    tally.total += files.length;
    this.#tallies.set(lessonId, tally);
    this.#waiting.push(...files.map((file) => ({ lessonId, label, file, tally })));
    this.#tell(lessonId);
    this.#fill();
  }

  #fill() {
    while (this.#active < IN_FLIGHT && this.#waiting.length > 0) {
      this.#active += 1;
      this.#run(this.#waiting.shift());
    }
  }

  async #run(photo) {
    const { lessonId, tally } = photo;
    try {
      const { nearDuplicates } = await this.#send(photo);
      tally.added += 1;
      for (const near of nearDuplicates) tally.alike.push({ file: photo.file, ...near });
    } catch (error) {
      this.#connection.rest();
      this.#note(photo, error);
    }
    tally.done += 1;
    this.#active -= 1;
    this.#tell(lessonId);
    this.#fill();
  }

  /** @returns {Promise<object>} what the API says of the example */
  async #send({ lessonId, label, file }) {
    const base64 = await this.#prepare(file);
    const input = {
      classifier: lessonId,
      label: label.name,
      isSomethingElse: label.isSomethingElse,
      images: [{ base64 }],
    };
    return withPatience(() => this.#api.mutate(ADD_EXAMPLES, { input }, { isPatient: true }));
  }

  #note({ file, label, lessonId, tally }, error) {
    if (error.code === "EXAMPLE_KNOWN") tally.known += 1;
    else tally.failures.push({ file, label, error });
    if (!FINAL.includes(error.code)) return;
    const isLeft = (photo) => photo.lessonId !== lessonId;
    tally.done += this.#waiting.filter((photo) => !isLeft(photo)).length;
    this.#waiting = this.#waiting.filter(isLeft);
  }

  #tell(lessonId) {
    this.dispatchEvent(new CustomEvent("change", { detail: lessonId }));
  }
}

function newTally() {
  return { total: 0, done: 0, added: 0, known: 0, alike: [], failures: [] };
}
