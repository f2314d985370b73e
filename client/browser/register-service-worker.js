/** Lets the client start without a network. Without service workers it works all the same. */
export async function registerServiceWorker() {
  if (!("serviceWorker" in navigator)) return;
  try {
    await navigator.serviceWorker.register("service-worker.js", { updateViaCache: "none" });
  } catch {
    // A private window or a policy refuses it: nothing is lost but the offline start.
  }
}
