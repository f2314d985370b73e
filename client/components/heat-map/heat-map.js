import { button, element } from "../../browser/element.js";
import { LiveElement } from "../../browser/live-element.js";
import { explain } from "../../models/error-sentences.js";
import { HEAT_MAP } from "../../models/looking-operations.js";
import { say } from "../../models/words.js";
import { CropImage } from "../crop-image/crop-image.js";

/** Whoever only passes by asks for nothing. */
const PEEK_AFTER_MS = 150;
const PATIENCE_MS = 4_000;

/**
 * The crop, and laid over it where a label comes from: for a moment while it is pointed at or focused, and until
 * further notice once it is pressed. Properties: `app`, `prediction`, and `labels`, an element with buttons that each
 * have the label they ask for as `data-looks-for`.
 */
export class HeatMap extends LiveElement {
  static parts = [CropImage];

  #found = new Map();
  #frame = element("div", { class: "frame" });
  #overlay = element("div", { class: "overlay" });
  #peeked = null;
  #pinned = null;
  #status = element("p", { class: "hint", role: "status" });
  #switch = button("", {
    class: "button small no-print",
    on: { click: () => this.#press(this.#pinned ?? this.prediction.label) },
  });
  #timer;
  app;
  labels;
  prediction;

  // Lifecycle

  connectedCallback() {
    const { signal } = this;
    const { crops } = this.app;
    const { image } = this.prediction;
    const set = { crops, path: image.url, alt: say("prediction.crop") };
    this.#frame.replaceChildren(element("crop-image", { set }), this.#overlay);
    this.replaceChildren(this.#frame, this.#status, this.#switch);
    const on = (type, act) =>
      this.labels.addEventListener(type, (event) => act(labelOf(event), event), { signal });
    on("click", (label) => label && this.#press(label));
    on("pointerover", (label, event) => event.pointerType === "mouse" && this.#peek(label));
    on("pointerleave", () => this.#peek(null));
    on("focusin", (label, { target }) => target.matches(":focus-visible") && this.#peek(label));
    on("focusout", () => this.#peek(null));
    document.addEventListener("keydown", ({ key }) => key === "Escape" && this.#look({}), {
      signal,
    });
    this.#render();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearTimeout(this.#timer);
  }

  // Private

  #peek(label) {
    clearTimeout(this.#timer);
    if (label === this.#peeked) return;
    const wait = label ? PEEK_AFTER_MS : 0;
    this.#timer = setTimeout(() => this.#look({ peeked: label, pinned: this.#pinned }), wait);
  }

  /** The second press on what is shown takes it away, even while it is still pointed at. */
  #press(label) {
    const pinned = label === this.#pinned ? null : label;
    this.#look({ pinned });
    if (pinned) this.#frame.scrollIntoView({ block: "nearest" });
  }

  #look({ peeked = null, pinned = null }) {
    clearTimeout(this.#timer);
    this.#peeked = peeked;
    this.#pinned = pinned;
    this.#render();
  }

  async #render() {
    const label = this.#peeked ?? this.#pinned;
    for (const asking of this.labels.querySelectorAll("[data-looks-for]"))
      asking.setAttribute("aria-pressed", asking.dataset.looksFor === this.#pinned);
    this.#switch.lastChild.textContent = say(this.#pinned ? "looking.hide" : "looking.why");
    this.#overlay.replaceChildren();
    this.#status.textContent = say(label ? "page.moment" : "looking.hint");
    if (!label) return;
    if (!this.#found.has(label)) this.#found.set(label, this.#find(label));
    const [sentence, ...pictures] = await this.#found.get(label);
    if (label !== (this.#peeked ?? this.#pinned)) return;
    this.#status.textContent = sentence;
    this.#overlay.replaceChildren(...pictures);
  }

  /** @returns {Promise<(string|Node)[]>} a sentence, and the picture where there is one */
  async #find(label) {
    const { api, crops } = this.app;
    try {
      const variables = { id: this.prediction.id, label };
      const { node } = await api.query(HEAT_MAP, variables, { patienceMs: PATIENCE_MS });
      if (!node?.heatMap) return [say("looking.gone")];
      if (!node.heatMap.grid.flat().some(Boolean)) return [say("looking.nowhere", { label })];
      const address = await crops.addressToDraw(node.heatMap.url);
      const picture = element("img", { alt: "", src: address });
      await picture.decode();
      if (!crops.isDirect) URL.revokeObjectURL(address);
      return [say("looking.where", { label }), picture];
    } catch (error) {
      this.#found.delete(label); // It may go well the next time.
      return [explain(error.name === "EncodingError" ? { code: "BUSY" } : error).sentence];
    }
  }
}

const labelOf = ({ target }) => target.closest("[data-looks-for]")?.dataset.looksFor ?? null;
