import { element, icon, link } from "../../browser/element.js";
import { say } from "../../models/words.js";

const FOR_EVERYBODY = [
  { text: "signIn", path: "/log-in" },
  { text: "createAccount", path: "/register" },
];
const FOR_TOKENS = [{ text: "connect", path: "/connect" }];
const FOR_ACCOUNTS = [
  { text: "photo", path: "/", iconName: "camera" },
  { text: "history", path: "/history", iconName: "clock" },
  { text: "lessons", path: "/lessons", iconName: "teach" },
  { text: "statistics", path: "/statistics", iconName: "chart" },
  { text: "account", path: "/account", iconName: "person" },
];

/**
 * The brand, which stands in index.html, and where one can go: at the foot of a phone, at the head of
 * anything wider.
 */
export class SiteHeader extends HTMLElement {
  #path = "/";
  #session;
  #shown;

  set session(session) {
    this.#session = session;
    session.addEventListener("change", () => this.#render());
    this.#render();
  }

  set path(path) {
    this.#path = path;
    this.#render();
  }

  // Private

  /** Each answer changes the session; what somebody is about to press stays where nothing of it is new. */
  #render() {
    if (!this.#session) return;
    const { isKnown, isLoggedIn, mayManage } = this.#session;
    const shown = [isKnown, isLoggedIn, mayManage, this.#path].join();
    if (shown === this.#shown) return;
    this.#shown = shown;
    const doors = mayManage ? FOR_EVERYBODY : FOR_TOKENS;
    const items = isLoggedIn ? FOR_ACCOUNTS : doors;
    this.querySelector("nav")?.remove();
    if (isKnown) this.append(this.#navigation(items, isLoggedIn));
  }

  #navigation(items, isLoggedIn) {
    const links = items.map(({ text, path, iconName }) => {
      const isHere = path === "/" ? this.#path === "/" : this.#path.startsWith(path);
      const anchor = link("", `#${path}`, { "aria-current": isHere ? "page" : null });
      anchor.append(
        ...[iconName && icon(iconName), element("span", {}, say(`navigation.${text}`))].filter(
          Boolean,
        ),
      );
      return element("li", {}, anchor);
    });
    const className = isLoggedIn ? "tabs" : "doors";
    return element(
      "nav",
      { "aria-label": say("navigation.name"), class: className },
      element("ul", { role: "list" }, links),
    );
  }
}
