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
  ...["log-in", "register", "forgotten-password", "reset-password"].map((kind) => ({
    parts: [kind],
    tag: "credentials-view",
    title: { "log-in": "Log in", register: "Register" }[kind] ?? "Password",
    properties: { kind },
    access: kind === "reset-password" ? "everybody" : "nobody",
  })),
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
