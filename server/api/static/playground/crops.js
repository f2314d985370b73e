/** Shows the crops of an answer as pictures: in the response they are addresses. */

const MOST = 12;

/**
 * @param {HTMLElement} element is hidden where an answer has none
 * @param {object} answer a GraphQL result
 */
export function showCrops(element, answer) {
  const pictures = [...new Set(addressesIn(answer.data))].slice(0, MOST).map((src) =>
    Object.assign(document.createElement("img"), {
      src,
      alt: "What the model saw",
      title: "What the model saw",
      width: 64,
      height: 64,
    }),
  );
  element.replaceChildren(...pictures);
  element.hidden = pictures.length === 0;
}

/** The `url` of every `image`, and every `cropUrl`. */
function addressesIn(value) {
  if (value === null || typeof value !== "object") return [];
  const own = [value.image?.url, value.cropUrl].filter((address) => typeof address === "string");
  return [...own, ...Object.values(value).flatMap(addressesIn)];
}
