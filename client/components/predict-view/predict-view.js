import { loadComponent } from "../../browser/components.js";
import { element } from "../../browser/element.js";
import { formatUntil } from "../../models/formats.js";
import { predictVariables } from "../../models/multipart.js";
import { PREDICT } from "../../models/operations.js";
import { say } from "../../models/words.js";
import { PhotoCard } from "../photo-card/photo-card.js";
import { PhotoPicker } from "../photo-picker/photo-picker.js";
import { RequestDisclosure } from "../request-disclosure/request-disclosure.js";

/**
 * Photos in, answers out. Its markup stands in index.html, so that it is seen before any module has run.
 * Property `app`: queue, session.
 */
export class PredictView extends HTMLElement {
  static parts = [PhotoCard, PhotoPicker, RequestDisclosure];

  #app;
  #cards = new Map();
  #list = element("div", { class: "answers", role: "list", "aria-label": say("predict.yours") });
  #listening;
  #picker;
  #quota;

  set app(app) {
    this.#app = app;
    if (this.isConnected) this.#start();
  }

  // Lifecycle

  connectedCallback() {
    if (this.#app) this.#start();
  }

  disconnectedCallback() {
    this.#listening?.abort();
  }

  // Private

  #start() {
    this.#picker = this.querySelector("photo-picker");
    this.#quota = this.querySelector(".quota");
    this.#quota.after(this.#list);
    this.#listen();
    const disclosure = this.querySelector("request-disclosure");
    disclosure.configuration = this.#app.configuration;
    disclosure.request = { operation: PREDICT, variables: predictVariables(), hasFile: true };
    this.#cards.clear();
    this.#list.replaceChildren();
    this.#makeRoom();
    for (const photo of this.#app.queue.photos.reverse()) this.#addCard(photo);
    this.#showQuota();
    this.#picker.takeChosen();
  }

  #listen() {
    this.#listening?.abort();
    this.#listening = new AbortController();
    const { signal } = this.#listening;
    const { queue, session } = this.#app;
    this.#picker.addEventListener("photos", (event) => queue.add(event.detail), { signal });
    this.#picker.addEventListener("camera", () => this.#openCamera(), { signal });
    this.#list.addEventListener("retry", (event) => queue.retry(event.detail), { signal });
    this.#list.addEventListener("remove", (event) => queue.remove(event.detail), { signal });
    this.#list.addEventListener("choose", (event) => this.#chooseAnother(event.detail), { signal });
    queue.addEventListener("added", (event) => this.#addCard(event.detail), { signal });
    queue.addEventListener("change", (event) => this.#cards.get(event.detail)?.update(), {
      signal,
    });
    queue.addEventListener("removed", (event) => this.#removeCard(event.detail), { signal });
    session.addEventListener("change", () => this.#showQuota(), { signal });
  }

  #showQuota() {
    const { account } = this.#app.session;
    if (!account) {
      this.#quota.replaceChildren();
      return;
    }
    const { limit, used, resetsAt } = account.quota;
    const left = Math.max(0, limit - used);
    this.#quota.textContent =
      left > 0
        ? say("predict.left", { count: left, limit })
        : say("predict.spent", { when: formatUntil(resetsAt) });
  }

  #addCard(photo) {
    const { session } = this.#app;
    const card = element("photo-card", { role: "listitem" });
    card.known = { limits: session.limits, quota: session.account?.quota };
    card.mayRegister = session.mayManage;
    card.photo = photo;
    this.#cards.set(photo, card);
    this.#list.prepend(card);
    this.#makeRoom();
  }

  #removeCard(photo) {
    const card = this.#cards.get(photo);
    const hadFocus = card?.contains(document.activeElement);
    card?.remove();
    this.#cards.delete(photo);
    this.#makeRoom();
    if (hadFocus) this.querySelector("h1").focus();
  }

  /** Once there are answers, they are what the page is about. */
  #makeRoom() {
    this.classList.toggle("has-photos", this.#cards.size > 0);
  }

  #chooseAnother(photo) {
    this.#app.queue.remove(photo);
    this.#picker.choose();
  }

  async #openCamera() {
    try {
      await loadComponent("camera-dialog");
    } catch {
      this.#picker.openCapture();
      return;
    }
    const camera = element("camera-dialog");
    camera.addEventListener("photo", (event) => this.#app.queue.add([event.detail]));
    camera.addEventListener("unavailable", () => this.#picker.openCapture());
    camera.addEventListener("closed", () => camera.remove());
    this.append(camera);
  }
}
