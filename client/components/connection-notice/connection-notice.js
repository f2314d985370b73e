import { element, icon } from "../../browser/element.js";

const SENTENCES = {
  well: "",
  waking: "The server is waking up. This can take a minute; you don’t have to do anything.",
  unreachable: "Telltale can’t be reached right now. We keep trying.",
  offline: "You are offline. What you send waits until you are back.",
};

/** One line that says what is wrong with the connection, while something is. */
export class ConnectionNotice extends HTMLElement {
  #connection;

  set connection(connection) {
    this.#connection = connection;
    connection.addEventListener("change", () => this.#render());
  }

  // Lifecycle

  connectedCallback() {
    this.setAttribute("role", "status");
  }

  // Private

  #render() {
    const { state } = this.#connection;
    const sentence = SENTENCES[state];
    const line = sentence && element("p", {}, icon("signal"), element("span", {}, sentence));
    this.dataset.state = state;
    this.replaceChildren(...(line ? [line] : []));
  }
}
