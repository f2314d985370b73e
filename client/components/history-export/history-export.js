import { button, element, newId } from "../../browser/element.js";
import { saveFile } from "../../browser/save-file.js";
import { percent } from "../../models/confidence.js";
import { explain } from "../../models/error-sentences.js";
import { asCsv, asJson } from "../../models/export-text.js";
import { formatCount } from "../../models/formats.js";
import { readWholeHistory } from "../../models/history-export.js";

const FORMATS = {
  csv: { write: asCsv, type: "text/csv;charset=utf-8" },
  json: { write: asJson, type: "application/json" },
};

/**
 * Saves the history as a file. Opens when it is connected. Properties: `api`, `variables`. Fires "closed".
 */
export class HistoryExport extends HTMLElement {
  static hasStylesheet = false;

  #abort = new AbortController();
  #body = element("div", { class: "body" });
  #dialog;
  api;
  variables;

  // Lifecycle

  connectedCallback() {
    const titleId = newId("export");
    this.#dialog = element(
      "dialog",
      { "aria-labelledby": titleId, on: { close: () => this.#onClose() } },
      element("h2", { id: titleId }, "Export"),
      this.#body,
    );
    this.replaceChildren(this.#dialog);
    this.#showChoice();
    this.#dialog.showModal();
  }

  disconnectedCallback() {
    this.#abort.abort();
  }

  // Private

  #showChoice() {
    const save = (format) => ({ class: "button primary", on: { click: () => this.#save(format) } });
    this.#body.replaceChildren(
      element(
        "p",
        {},
        this.variables.filter
          ? "All answers that the filter shows, without their pictures."
          : "All answers of your history, without their pictures.",
      ),
      element(
        "div",
        { class: "actions" },
        button("Save as CSV", save("csv")),
        button("Save as JSON", save("json")),
        this.#closing("Cancel"),
      ),
    );
  }

  async #save(format) {
    const { api, variables } = this;
    const { signal } = this.#abort;
    const bar = element("progress", { max: "1", value: "0", "aria-label": "Export" });
    const status = element("p", { role: "status" }, "Reading your history …");
    this.#body.replaceChildren(
      status,
      bar,
      element("div", { class: "actions" }, this.#closing("Cancel")),
    );
    const onProgress = (fraction) => {
      bar.value = fraction;
      bar.textContent = percent(fraction);
    };
    try {
      const rows = await readWholeHistory({ api, variables, signal, onProgress });
      const { write, type } = FORMATS[format];
      saveFile(`telltale-history.${format}`, type, write(rows));
      status.textContent = `${formatCount(rows.length, "answer")} saved.`;
      this.#body.replaceChildren(
        status,
        element("div", { class: "actions" }, this.#closing("Done")),
      );
    } catch (error) {
      if (!signal.aborted) this.#showProblem(error, format);
    }
  }

  #showProblem(error, format) {
    this.#body.replaceChildren(
      element("p", { class: "problem", role: "alert" }, explain(error).sentence),
      element(
        "div",
        { class: "actions" },
        button("Try again", { class: "button primary", on: { click: () => this.#save(format) } }),
        this.#closing("Cancel"),
      ),
    );
  }

  #closing(text) {
    return button(text, { on: { click: () => this.#dialog.close() } });
  }

  #onClose() {
    this.#abort.abort();
    this.dispatchEvent(new Event("closed"));
  }
}
