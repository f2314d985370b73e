/** Brings the modules and stylesheets of pages that are not the first one, once each. */

const SETS = {
  account: () => import("../components/account.js"),
  camera: () => import("../components/camera.js"),
  doors: () => import("../components/doors.js"),
};
/** Components without a stylesheet of their own. */
const PLAIN = ["confirm-dialog", "history-export"];

const loading = new Map();

/** @returns {Promise<void>} rejects where the network fails; the next call tries again */
export function loadComponents(name) {
  if (!loading.has(name)) {
    const load = bring(SETS[name]);
    loading.set(name, load);
    load.catch(() => loading.delete(name));
  }
  return loading.get(name);
}

/** Names the custom elements; importing their modules alone has no effect. */
export function defineComponents(components) {
  for (const [tag, component] of Object.entries(components)) {
    if (!customElements.get(tag)) customElements.define(tag, component);
  }
}

async function bring(load) {
  const { components } = await load();
  const tags = Object.keys(components).filter((tag) => !PLAIN.includes(tag));
  await Promise.all(tags.map((tag) => stylesheet(`components/${tag}/${tag}.css`)));
  defineComponents(components);
}

/** Without its stylesheet a page is plain, but it works. */
function stylesheet(href) {
  if (document.querySelector(`link[href="${href}"]`)) return Promise.resolve();
  return new Promise((resolve) => {
    const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href });
    link.addEventListener("load", resolve);
    link.addEventListener("error", resolve);
    document.head.append(link);
  });
}
