import { element, icon, link } from "../../browser/element.js";
import { LiveElement } from "../../browser/live-element.js";
import { formatAddress } from "../../models/address.js";
import { nameOf } from "../../models/confidence.js";
import { say } from "../../models/words.js";

/**
 * From one answer to its neighbours in the history, by press or by the arrow keys, and back to the place one came
 * from. Properties: `app`, `predictionId`.
 */
export class AnswerSteps extends LiveElement {
  app;
  predictionId;

  // Lifecycle

  connectedCallback() {
    const { signal } = this;
    document.addEventListener("keydown", (event) => this.#onKey(event), { signal });
    this.#render();
    this.#readOn();
  }

  // Private

  #neighbour(step) {
    const { rows } = this.app.history;
    const index = rows.findIndex(({ id }) => id === this.predictionId);
    return index < 0 ? null : (rows[index + step] ?? null);
  }

  /** The row after the last that was read is on the next page. */
  async #readOn() {
    const { history } = this.app;
    if (history.rows.at(-1)?.id !== this.predictionId || !history.hasMore) return;
    await history.loadMore().catch(() => {});
    if (this.isConnected) this.#render();
  }

  #render() {
    const back = link(say("prediction.back"), "#/history", {
      class: "back",
      on: {
        click: (event) => {
          if (this.app.router.back("/history")) event.preventDefault();
        },
      },
    });
    const steps = element(
      "span",
      { class: "steps" },
      this.#step(-1, "prediction.previous", "previous"),
      this.#step(1, "prediction.next", "next"),
    );
    this.replaceChildren(back, steps);
  }

  #step(step, name, iconName) {
    const row = this.#neighbour(step);
    if (!row) return null;
    const address = formatAddress(["history", row.id]);
    const says = say(name, { label: nameOf(row) });
    const anchor = link("", address, {
      class: "button",
      rel: iconName === "next" ? "next" : "prev",
      "aria-label": says,
      title: says,
      on: {
        // Takes the place of this answer, so that the way back leads to the history.
        click: (event) => {
          event.preventDefault();
          this.app.router.replace(address);
        },
      },
    });
    anchor.append(icon(iconName));
    return anchor;
  }

  #onKey(event) {
    const isElsewhere = event.target.closest("input, select, textarea, summary, pre, [role=radio]");
    if (isElsewhere || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const rel = { ArrowLeft: "prev", ArrowRight: "next" }[event.key];
    if (rel) this.querySelector(`[rel=${rel}]`)?.click();
  }
}
