/** The line of the header that says whose session it is, with the way in or out. */

/** The client's tabs listen: see client/main.js. */
const channel = new BroadcastChannel("telltale:session");

export class AccountStatus {
  #element;
  #email = null;

  /** @param {HTMLElement} element has a status to write into; buttons and links come behind it. */
  constructor(element) {
    this.#element = element;
  }

  /** Ask who is signed in, and say it. */
  async refresh(fetcher) {
    const { data } = await fetcher({ query: "{ viewer { email } }" });
    const email = data?.viewer?.email ?? null;
    if (data && this.#email !== null && (email ?? "") !== this.#email) channel.postMessage("came");
    if (data) this.#email = email ?? "";
    this.#element.querySelector("[role=status]").textContent = said(data);
    for (const way of this.#element.querySelectorAll("a, button")) way.remove();
    const tokens = link("Tokens", "/#/account?for=developers");
    if (email) this.#element.append(tokens, this.#signOut(fetcher));
    else if (data) this.#element.append(link("Sign in", "/#/log-in"));
  }

  #signOut(fetcher) {
    const button = document.createElement("button");
    Object.assign(button, { type: "button", textContent: "Sign out" });
    button.addEventListener("click", async () => {
      button.disabled = true;
      await fetcher({ query: "mutation LogOut { logOut { errors { code } } }" });
    });
    return button;
  }
}

function said(data) {
  if (!data) return "Not connected";
  return data.viewer ? `Signed in as ${data.viewer.email}` : "Nobody is signed in";
}

function link(textContent, href) {
  return Object.assign(document.createElement("a"), { textContent, href });
}
