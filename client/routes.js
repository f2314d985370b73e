/** Which view an address shows, and who may see it. */

/**
 * `title` names its words. `access` is "account" where somebody has to be logged in, "nobody" where nobody should be, else
 * "everybody". A view that `isLive` is told new parameters instead of being made anew.
 */
export const ROUTES = [
  { parts: [], tag: "predict-view", title: "titles.predict" },
  account("history", "history-view", "titles.history", { isLive: true }),
  account("history/groups", "groups-view", "titles.groups", { isLive: true }),
  account("history/:predictionId", "prediction-view", "titles.prediction"),
  account("lessons", "lessons-view", "titles.lessons"),
  account("lessons/:lessonId", "lesson-view", "titles.lesson"),
  account("statistics", "statistics-view", "titles.statistics"),
  account("account", "account-view", "titles.account"),
  { parts: ["connect"], tag: "connect-view", title: "titles.connect" },
  door("log-in", "titles.signIn", "nobody"),
  door("register", "titles.createAccount", "nobody"),
  door("forgotten-password", "titles.forgottenPassword", "nobody"),
  // Also for somebody who is logged in: the link of an e-mail leads here.
  door("reset-password", "titles.resetPassword", "everybody"),
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

function account(path, tag, title, settings = {}) {
  return { parts: path.split("/"), tag, title, access: "account", ...settings };
}

function door(kind, title, access) {
  return { parts: [kind], tag: "credentials-view", title, access, properties: { kind } };
}
