import { button, element, newId } from "../../browser/element.js";
import { saveFile } from "../../browser/save-file.js";
import { percent } from "../../models/confidence.js";
import { explain } from "../../models/error-sentences.js";
import { asCsv, asJson } from "../../models/export-text.js";
import { readWholeHistory } from "../../models/history-export.js";
import { say } from "../../models/words.js";

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
      element("h2", { id: titleId }, say("export.title")),
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
      element("p", {}, say(this.variables.filter ? "export.filtered" : "export.whole")),
      element(
        "div",
        { class: "actions" },
        button(say("export.save", { format: "CSV" }), save("csv")),
        button(say("export.save", { format: "JSON" }), save("json")),
        this.#closing(say("page.cancel")),
      ),
    );
  }

  async #save(format) {
    const { api, variables } = this;
    const { signal } = this.#abort;
    const bar = element("progress", { max: "1", value: "0", "aria-label": say("export.title") });
    const status = element("p", { role: "status" }, say("export.reading"));
    this.#body.replaceChildren(
      status,
      bar,
      element("div", { class: "actions" }, this.#closing(say("page.cancel"))),
    );
    const onProgress = (fraction) => {
      bar.value = fraction;
      bar.textContent = percent(fraction);
    };
    try {
      const rows = await readWholeHistory({ api, variables, signal, onProgress });
      const { write, type } = FORMATS[format];
      saveFile(`telltale-history.${format}`, type, write(rows));
      status.textContent = say("export.saved", { count: rows.length });
      this.#body.replaceChildren(
        status,
        element("div", { class: "actions" }, this.#closing(say("page.done"))),
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
        button(say("page.tryAgain"), {
          class: "button primary",
          on: { click: () => this.#save(format) },
        }),
        this.#closing(say("page.cancel")),
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
