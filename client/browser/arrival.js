/**
 * Runs before anything is painted, and is therefore no module: the page comes with the view of `#/`, and whoever
 * arrives at another address must not see that flash. The router takes the mark away with the view.
 */
const [arrivalPath] = location.hash.slice(1).split("?");
if (arrivalPath.startsWith("/") && arrivalPath !== "/") {
  document.documentElement.dataset.arrival = "elsewhere";
}
