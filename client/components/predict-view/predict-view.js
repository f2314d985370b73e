import { loadComponent } from "../../browser/components.js";
import { isForDevelopers } from "../../browser/developers.js";
import { element } from "../../browser/element.js";
import { wait } from "../../models/backoff.js";
import { formatUntil } from "../../models/formats.js";
import { predictVariables } from "../../models/multipart.js";
import { PREDICT } from "../../models/operations.js";
import { TRIES } from "../../models/upload-queue.js";
import { say } from "../../models/words.js";
import { PhotoPicker } from "../photo-picker/photo-picker.js";

const RETRY_MS = 1_000;
const CARDS_AT_ONCE = 25;
/** From so many on, photos are rows. */
const ROWS_FROM = 6;

/**
 * Photos in, answers out. Its markup stands in index.html, so that it is seen before any module has run.
 * Property `app`: queue, session.
 */
export class PredictView extends HTMLElement {
  static parts = [PhotoPicker];

  #app;
  #cards = new Map();
  #list = element("div", { class: "answers", role: "list", "aria-label": say("predict.yours") });
  #listening;
  #moment = element("p", { class: "hint moment", role: "status" }, say("page.moment"));
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
    if (isForDevelopers()) this.#showRequest();
    this.#cards.clear();
    this.#list.replaceChildren();
    this.#makeRoom();
    this.#addCards(this.#app.queue.photos);
    this.#showQuota();
    this.#showSamples();
    this.#showLessons();
    this.#picker.takeChosen();
  }

  async #showRequest() {
    await loadComponent("request-disclosure").catch(() => {});
    const request = { operation: PREDICT, variables: predictVariables(), hasFile: true };
    const { configuration } = this.#app;
    Object.assign(this.querySelector("request-disclosure"), { configuration, request });
  }

  #listen() {
    this.#listening?.abort();
    this.#listening = new AbortController();
    const { signal } = this.#listening;
    const { queue, session } = this.#app;
    const { addPhotos } = this.#app;
    this.#picker.addEventListener("photos", (event) => this.#onChosen(event.detail), { signal });
    const samples = this.querySelector("sample-photos");
    samples.addEventListener("photo", (event) => addPhotos([event.detail]), { signal });
    this.#picker.addEventListener("camera", () => this.#openCamera(), { signal });
    this.#list.addEventListener("retry", (event) => queue.retry(event.detail), { signal });
    this.#list.addEventListener("remove", (event) => queue.remove(event.detail), { signal });
    this.#list.addEventListener("choose", (event) => this.#picker.choose(event.detail), { signal });
    queue.addEventListener("added", (event) => this.#addCards(event.detail), { signal });
    queue.addEventListener("change", (event) => this.#onChange(event.detail), { signal });
    queue.addEventListener("removed", (event) => this.#removeCard(event.detail), { signal });
    session.addEventListener("change", () => this.#onSession(), { signal });
  }

  #onChange(photo) {
    this.#cards.get(photo)?.update();
    this.#offerToKeep();
  }

  #onSession() {
    this.#showQuota();
    this.#showSamples();
    this.#showLessons();
    this.#offerToKeep();
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

  /** In the order they were chosen, above what was chosen before. */
  async #addCards(photos) {
    if (photos.length === 0) return;
    this.#turn(true);
    await this.#cardsComing(photos.length);
    const { queue } = this.#app;
    // Meanwhile one may have been removed, or shown by a view that began anew.
    const isDue = (photo) => queue.photos.includes(photo) && !this.#cards.has(photo);
    const due = photos.filter(isDue);
    const cards = due.map((photo) => {
      const card = element("photo-card", { role: "listitem" });
      this.#cards.set(photo, card);
      return card;
    });
    this.#list.prepend(...cards);
    this.#makeRoom();
    for (const [index, card] of cards.entries()) {
      if (index % CARDS_AT_ONCE === CARDS_AT_ONCE - 1) await wait(0); // Two hundred are no single task.
      card.show(this.#app, due[index]);
    }
  }

  /** Not of the first visit's bytes. Where the network is away, the photos wait for it as well. */
  async #cardsComing(count) {
    if (customElements.get("photo-card")) return;
    this.#moment.style.setProperty("--cards", count);
    this.#list.before(this.#moment);
    while (!customElements.get("photo-card")) {
      await loadComponent("photo-card").catch(() => wait(RETRY_MS));
    }
    this.#moment.remove();
  }

  #removeCard(photo) {
    const card = this.#cards.get(photo);
    const hadFocus = card?.contains(document.activeElement);
    card?.remove();
    this.#cards.delete(photo);
    this.#makeRoom();
    if (hadFocus) this.querySelector("h1").focus();
  }

  /** Once there are photos, they are what the page is about: the rest goes above and below them. */
  #turn(hasPhotos) {
    if (this.classList.contains("has-photos") === hasPhotos) return;
    this.classList.toggle("has-photos", hasPhotos);
    const header = this.querySelector(".view-header");
    const others = [this.querySelector("sample-photos"), this.#quota];
    const focused = document.activeElement;
    if (hasPhotos) {
      header.append(this.#picker);
      this.#list.after(...others);
    } else {
      (this.querySelector("lesson-choice") ?? header).after(this.#picker, ...others);
    }
    if (this.contains(focused)) focused.focus(); // What is moved loses it.
  }

  #makeRoom() {
    const isMany = this.#cards.size >= ROWS_FROM;
    this.#turn(this.#cards.size > 0);
    this.#list.classList.toggle("is-many", isMany);
    for (const card of this.#cards.values()) card.isRow = isMany;
    this.#offerToKeep();
  }

  /** Whoever has no account yet has something to try at once; its place stands in index.html. */
  async #showSamples() {
    const { session } = this.#app;
    const samples = this.querySelector("sample-photos");
    const areOffered = session.isKnown && !session.isLoggedIn && session.mayTry;
    samples.classList.toggle("is-empty", !areOffered);
    if (areOffered) await loadComponent("sample-photos").catch(() => {}); // There is still the picker.
  }

  /** Whoever has taught something chooses what answers. */
  async #showLessons() {
    const { queue, session } = this.#app;
    if (!session.isLoggedIn) {
      this.querySelector("lesson-choice")?.remove();
      queue.model = null;
      return;
    }
    try {
      await loadComponent("lesson-choice");
    } catch {
      return; // Telltale itself answers.
    }
    if (!session.isLoggedIn || this.querySelector("lesson-choice")) return;
    const choice = element("lesson-choice", { set: { app: this.#app } });
    this.querySelector(".view-header").after(choice);
  }

  async #offerToKeep() {
    const { queue, session } = this.#app;
    const isDue = () => queue.counts.tried >= TRIES && session.isKnown && !session.isLoggedIn;
    if (isDue()) await loadComponent("keep-invitation").catch(() => {});
    const offer = this.querySelector("keep-invitation");
    if (!isDue()) offer?.remove();
    else if (!offer) this.#list.before(element("keep-invitation", { role: "complementary" }));
  }

  #onChosen({ files, instead }) {
    if (instead) this.#app.queue.remove(instead);
    this.#app.addPhotos(files);
  }

  async #openCamera() {
    try {
      await loadComponent("camera-dialog");
    } catch {
      this.#picker.openCapture();
      return;
    }
    if (this.querySelector("camera-dialog")) return; // of a first press
    const photo = (event) => this.#app.addPhotos([event.detail]);
    const choose = () => this.#picker.choose();
    const closed = ({ currentTarget }) => currentTarget.remove();
    this.append(element("camera-dialog", { on: { photo, choose, closed } }));
  }
}
