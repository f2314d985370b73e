import { formatAddress, parseAddress, safeNext } from "../models/address.js";
import { say } from "../models/words.js";
import { matchRoute } from "../routes.js";
import { loadComponent } from "./components.js";
import { button, element, link } from "./element.js";

/**
 * Shows the view that the fragment of the address names. Fires "shown".
 *
 * The view that index.html came with is the one of its tag: it is kept while another is shown.
 */
export class Router extends EventTarget {
  #app;
  #arrived;
  #isFirst = true;
  #outlet;
  #route = null;
  #scrolls = new Map();
  #shownKey = null;
  #shownPath = null;

  constructor(outlet, app) {
    super();
    this.#app = app;
    this.#arrived = outlet.firstElementChild;
    this.#outlet = outlet;
  }

  get path() {
    return parseAddress(this.#fragment).path;
  }

  /** Whether the view depends on who is here, which is not known yet. */
  get isWaiting() {
    return this.#outlet.querySelector(".waiting") !== null;
  }

  // Actions

  start() {
    history.scrollRestoration = "manual";
    addEventListener("popstate", () => this.#onAddress());
    this.show();
  }

  go(address) {
    location.hash = address;
  }

  /** Goes back, if that leads to this path. @returns {boolean} */
  back(path) {
    if (history.state?.from !== path) return false;
    history.back();
    return true;
  }

  /** Goes there without a way back to here. */
  replace(address) {
    history.replaceState({ from: history.state?.from }, "", address);
    this.show();
  }

  /** Shows what the address names to whoever is here now. */
  show() {
    // Another fragment is a jump within the page that is shown, such as the skip link's.
    if (this.#shownKey && location.hash && !location.hash.startsWith("#/")) return;
    const { parts, parameters } = parseAddress(this.#fragment);
    const match = matchRoute(parts);
    if (!match) this.#showMissing();
    else if (this.#mayShow(match.route, parameters)) this.#prepareView(match, parameters);
    this.dispatchEvent(new Event("shown"));
  }

  /** Says why nothing can be shown, unless what is shown needs nobody's account. */
  showProblem(sentence, onRetry) {
    if (!this.isWaiting) {
      this.#app.tell(sentence);
      return;
    }
    const retry = button(say("page.tryAgain"), { class: "button primary", on: { click: onRetry } });
    const home = link(say("page.home"), "#/", { class: "button" });
    this.#fill(
      element("p", { class: "lead waiting", role: "alert" }, sentence),
      element("p", { class: "actions" }, retry, home),
    );
  }

  // Private

  get #fragment() {
    return location.hash.startsWith("#/") ? location.hash : "#/";
  }

  #onAddress() {
    // Modules of two versions must not meet; with no photo on its way nothing is lost by starting anew.
    if (this.#app.isOutdated && !this.#app.queue.isBusy) {
      location.reload();
      return;
    }
    if (this.#shownKey) this.#scrolls.set(this.#shownKey, window.scrollY);
    this.show();
  }

  #mayShow({ access = "everybody" }, parameters) {
    const { session } = this.#app;
    if (access === "everybody") return true;
    if (!session.isKnown) {
      this.#route = null;
      this.#fill(element("p", { class: "lead waiting", role: "status" }, say("page.moment")));
      return false;
    }
    if (access === "account" && session.isLoggedIn) return true;
    if (access === "nobody" && !session.isLoggedIn && session.mayManage) return true;
    if (session.isLoggedIn) this.replace(safeNext(parameters));
    else this.replace(this.#door(access));
    return false;
  }

  /** Where somebody without an identity goes, and then on to where they wanted. */
  #door(access) {
    const { lostId, mayManage } = this.#app.session;
    return formatAddress([mayManage ? "log-in" : "connect"], {
      next: access === "account" ? location.hash : "",
      notice: lostId ? "lost" : "",
    });
  }

  async #prepareView(match, parameters) {
    const { route } = match;
    const address = location.hash;
    if (!customElements.get(route.tag)) {
      try {
        await loadComponent(route.tag);
      } catch {
        this.#showUnloaded();
        return;
      }
      if (location.hash !== address) return; // The person has gone on.
    }
    this.#showView(match, parameters);
    this.dispatchEvent(new Event("shown"));
  }

  #showView({ route, properties }, parameters) {
    const key = this.#entryKey();
    if (route === this.#route && route.isLive) {
      this.#outlet.firstElementChild.parameters = parameters;
    } else {
      const view = route.tag === this.#arrived.localName ? this.#arrived : element(route.tag);
      Object.assign(view, { app: this.#app, parameters, ...properties });
      if (!view.isConnected) this.#fill(view);
      delete document.documentElement.dataset.arrival; // It may have been there all the time.
      this.#route = route;
      this.#setTitle(say(route.title));
      this.#moveFocus();
    }
    this.#shownKey = key;
    this.#shownPath = this.path;
    window.scrollTo(0, this.#scrolls.get(key) ?? 0);
  }

  #showUnloaded() {
    this.#route = null;
    const retry = button(say("page.tryAgain"), {
      class: "button primary",
      on: { click: () => this.show() },
    });
    this.#fill(element("p", { class: "lead", role: "alert" }, say("page.unloaded")), retry);
  }

  #showMissing() {
    this.#route = null;
    const home = link(say("page.home"), "#/", { class: "button primary" });
    const header = element(
      "header",
      { class: "view-header" },
      element("h1", { tabindex: "-1" }, say("page.missing")),
      element("p", { class: "lead" }, say("page.missingText")),
    );
    this.#fill(header, home);
    this.#setTitle(say("page.missing"));
    this.#moveFocus();
  }

  #fill(...content) {
    this.#outlet.replaceChildren(...content);
    delete document.documentElement.dataset.arrival;
  }

  /** A new view is announced by its heading; the first one is what the browser announces itself. */
  #moveFocus() {
    const heading = this.#outlet.querySelector("h1");
    if (!this.#isFirst) heading?.focus({ preventScroll: true });
    this.#isFirst = false;
  }

  #setTitle(title) {
    document.title = `${title} · Telltale`;
  }

  /** Names the entry of the browser's history, and where it was come from: going back finds the place. */
  #entryKey() {
    const { key = crypto.randomUUID(), from = this.#shownPath } = history.state ?? {};
    if (!history.state?.key) history.replaceState({ key, from }, "");
    return key;
  }
}
