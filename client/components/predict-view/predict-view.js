import { loadComponents } from "../../browser/component-sets.js";
import { element } from "../../browser/element.js";
import { formatNumber, formatUntil } from "../../models/formats.js";
import { predictVariables } from "../../models/multipart.js";
import { PREDICT } from "../../models/operations.js";

/** Photos in, answers out. Property `app`: queue, session. */
export class PredictView extends HTMLElement {
  #app;
  #cards = new Map();
  #list = element("div", { class: "answers", role: "list", "aria-label": "Your photos" });
  #listening;
  #picker = element("photo-picker");
  #quota = element("p", { class: "quota hint" });

  set app(app) {
    this.#app = app;
  }

  // Lifecycle

  connectedCallback() {
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
    this.#render();
  }

  disconnectedCallback() {
    this.#listening.abort();
  }

  // Private

  #render() {
    const disclosure = element("request-disclosure");
    disclosure.configuration = this.#app.configuration;
    disclosure.request = { operation: PREDICT, variables: predictVariables(), hasFile: true };
    this.#cards.clear();
    this.#list.replaceChildren();
    for (const photo of this.#app.queue.photos.reverse()) this.#addCard(photo);
    this.#showQuota();
    this.replaceChildren(
      element(
        "header",
        { class: "view-header" },
        element("h1", { tabindex: "-1" }, "What’s in the picture?"),
        element(
          "p",
          { class: "lead" },
          "Show Telltale a photo. It names what it sees, and says how sure it is.",
        ),
      ),
      this.#picker,
      this.#quota,
      this.#list,
      disclosure,
    );
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
        ? `${formatNumber(left)} of ${formatNumber(limit)} photos left today`
        : `Today’s photos are used up. There are new ones ${formatUntil(resetsAt)}.`;
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
      await loadComponents("camera");
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
