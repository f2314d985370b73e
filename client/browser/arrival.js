/**
 * Runs before anything is painted, and is therefore no module.
 *
 * The page comes with the view of `#/`: whoever arrives at another address must not see that flash. It comes in
 * English: whoever reads another language waits for its words. Both marks are taken away with what they waited for.
 * Where one of the first modules does not come, all that is left to do is to say so.
 */
{
  const root = document.documentElement;
  const [path] = location.hash.slice(1).split("?");
  if (path.startsWith("/") && path !== "/") root.dataset.arrival = "elsewhere";
  root.toggleAttribute("data-known", localStorage.getItem("telltale:known") === "yes");
  root.toggleAttribute("data-developers", localStorage.getItem("telltale:developers") === "yes");

  const offered = document.querySelector("meta[name=telltale-languages]").content.split(" ");
  const wanted = [localStorage.getItem("telltale:language"), ...navigator.languages];
  const languages = wanted.map((tag) => tag?.split("-")[0]);
  root.lang = languages.find((language) => offered.includes(language)) ?? "en";
  if (root.lang !== "en") root.dataset.language = "coming";
  const link = { rel: "modulepreload", href: `words/${root.lang}/first.js`, fetchPriority: "low" };
  document.head.append(Object.assign(document.createElement("link"), link));

  const giveUp = () => {
    delete root.dataset.language;
    document.querySelector("main").hidden = true;
    const told = document.querySelector(`.unloaded[lang=${root.lang}]`);
    told.hidden = false;
    told.querySelector("button").addEventListener("click", () => location.reload());
  };
  addEventListener("error", ({ target }) => target.type === "module" && giveUp(), true);
  addEventListener("unloaded", giveUp);
}
