/** Which view an address shows, who may see it, and which components it is made of. */

const ACCOUNT = { access: "account", set: "account" };

/**
 * `access` is "account" where somebody has to be logged in, "nobody" where nobody should be, else
 * "everybody". `set` names the components to load first (browser/component-sets.js). A view that `isLive`
 * is told new parameters instead of being made anew.
 */
export const ROUTES = [
  { parts: [], tag: "predict-view", title: "What’s in the picture?" },
  { parts: ["history"], tag: "history-view", title: "History", isLive: true, ...ACCOUNT },
  { parts: ["history", ":predictionId"], tag: "prediction-view", title: "Answer", ...ACCOUNT },
  { parts: ["statistics"], tag: "statistics-view", title: "Statistics", ...ACCOUNT },
  { parts: ["account"], tag: "account-view", title: "Account", ...ACCOUNT },
  { parts: ["connect"], tag: "connect-view", title: "Use another server", set: "doors" },
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
    set: "doors",
    properties: { kind },
  };
}
