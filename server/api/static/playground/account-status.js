/** The line of the header that says whose session it is. */
export class AccountStatus {
  #element;

  /** @param {HTMLElement} element receives the text. */
  constructor(element) {
    this.#element = element;
  }

  /** Ask who is signed in, and say it. */
  async refresh(fetcher) {
    const { data } = await fetcher({ query: "{ viewer { email } }" });
    if (!data) this.#show("Not connected");
    else if (data.viewer) this.#show("Signed in as ", data.viewer.email);
    else this.#show("Nobody is signed in");
  }

  #show(text, email = "") {
    const emphasis = document.createElement("strong");
    emphasis.textContent = email;
    this.#element.replaceChildren(text, emphasis);
  }
}
