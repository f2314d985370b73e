/** Which view an address shows, and who may see it. */

/**
 * `access` is "account" where somebody has to be logged in, "nobody" where nobody should be, else
 * "everybody". A view that `isLive` is told new parameters instead of being made anew.
 */
export const ROUTES = [
  { parts: [], tag: "predict-view", title: "What’s in the picture?" },
  { parts: ["history"], tag: "history-view", title: "History", access: "account", isLive: true },
  {
    parts: ["history", ":predictionId"],
    tag: "prediction-view",
    title: "Answer",
    access: "account",
  },
  { parts: ["statistics"], tag: "statistics-view", title: "Statistics", access: "account" },
  { parts: ["account"], tag: "account-view", title: "Account", access: "account" },
  { parts: ["connect"], tag: "connect-view", title: "Use another server" },
  door("log-in", "Log in", "nobody"),
  door("register", "Register", "nobody"),
  door("forgotten-password", "Forgotten password", "nobody"),
  // Also for somebody who is logged in: the link of an e-mail leads here.
  door("reset-password", "New password", "everybody"),
];

/** @returns {{route: object, properties: object}|null} */
export function matchRoute(parts) {
  for (const route of ROUTES) {
    if (route.parts.length !== parts.length) continue;
    const properties = { ...route.properties };
    const isMatch = route.parts.every((part, index) => {
      if (part.startsWith(":")) properties[part.slice(1)] = parts[index];
      return part.startsWith(":") || part === parts[index];
    });
    if (isMatch) return { route, properties };
  }
  return null;
}

function door(kind, title, access) {
  return {
    parts: [kind],
    tag: "credentials-view",
    title,
    access,
    properties: { kind },
  };
}
