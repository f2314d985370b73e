import { closing, DialogElement } from "../../browser/dialog.js";
import { actions, button, element } from "../../browser/element.js";
import { problem } from "../../browser/page.js";
import { saveFile } from "../../browser/save-file.js";
import { percent } from "../../models/confidence.js";
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
export class HistoryExport extends DialogElement {
  static hasStylesheet = false;

  #body = element("div", { class: "body" });
  api;
  variables;

  // Lifecycle

  connectedCallback() {
    this.#showChoice();
    this.open(say("export.title"), {}, this.#body);
    // Nobody waits for it any more.
    this.dialog.addEventListener("close", () => this.remove());
  }

  // Private

  #showChoice() {
    const save = (format) => ({ class: "button primary", on: { click: () => this.#save(format) } });
    this.#body.replaceChildren(
      element("p", {}, say(this.variables.filter ? "export.filtered" : "export.whole")),
      actions(
        button(say("export.save", { format: "CSV" }), save("csv")),
        button(say("export.save", { format: "JSON" }), save("json")),
        closing(say("page.cancel")),
      ),
    );
  }

  async #save(format) {
    const { api, signal, variables } = this;
    const bar = element("progress", { max: "1", value: "0", "aria-label": say("export.title") });
    const status = element("p", { role: "status" }, say("export.reading"));
    this.#body.replaceChildren(status, bar, actions(closing(say("page.cancel"))));
    const onProgress = (fraction) => {
      bar.value = fraction;
      bar.textContent = percent(fraction);
    };
    try {
      const rows = await readWholeHistory({ api, variables, signal, onProgress });
      const { write, type } = FORMATS[format];
      saveFile(`telltale-history.${format}`, type, write(rows));
      status.textContent = say("export.saved", { count: rows.length });
      this.#body.replaceChildren(status, actions(closing(say("page.done"))));
    } catch (error) {
      if (signal.aborted) return;
      const [sentence, retry] = problem(error, () => this.#save(format));
      this.#body.replaceChildren(sentence, actions(retry, closing(say("page.cancel"))));
    }
  }
}
