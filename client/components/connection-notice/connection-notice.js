import { element, icon } from "../../browser/element.js";
import { say } from "../../models/words.js";

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
    this.dataset.state = state;
    this.replaceChildren();
    if (state === "well") return;
    this.append(element("p", {}, icon("signal"), element("span", {}, say(`connection.${state}`))));
  }
}
