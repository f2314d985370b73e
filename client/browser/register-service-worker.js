/**
 * Lets the client start without a network. Without service workers it works all the same.
 *
 * @param {() => void} onUpdate called when another version of the client's files has come
 */
export async function registerServiceWorker(onUpdate) {
  if (!("serviceWorker" in navigator)) return;
  const isUpdate = navigator.serviceWorker.controller !== null;
  navigator.serviceWorker.addEventListener("controllerchange", () => isUpdate && onUpdate());
  try {
    const script = `service-worker.js?language=${document.documentElement.lang}`;
    await navigator.serviceWorker.register(script, { updateViaCache: "none" });
  } catch {
    // A private window or a policy refuses it: nothing is lost but the offline start.
  }
}
