/** Shows the crops of an answer as pictures: in the response they are addresses. */

const MOST = 12;

/**
 * @param {HTMLElement} element is hidden where an answer has none
 * @param {object} answer a GraphQL result
 * @param {Record<string, string>} headers those that were sent with the question: a crop is its owner's alone
 */
export async function showCrops(element, answer, headers) {
  const addresses = [...new Set(addressesIn(answer.data))].slice(0, MOST);
  const pictures = await Promise.all(addresses.map((address) => picture(address, headers)));
  element.replaceChildren(...pictures.filter(Boolean));
  element.hidden = element.childElementCount === 0;
}

/** Null where the asker may not see it, such as with a token that is no longer valid. */
async function picture(address, headers) {
  const src = address.startsWith("data:") ? address : await fetched(address, headers);
  if (!src) return null;
  const image = Object.assign(document.createElement("img"), {
    src,
    alt: "What the model saw",
    title: "What the model saw",
    width: 64,
    height: 64,
  });
  image.addEventListener("load", () => URL.revokeObjectURL(image.src), { once: true });
  return image;
}

async function fetched(address, headers) {
  const answer = await fetch(address, { headers, credentials: "same-origin" }).catch(() => null);
  return answer?.ok ? URL.createObjectURL(await answer.blob()) : null;
}

/** The `url` of every `image`, and every `cropUrl`. */
function addressesIn(value) {
  if (value === null || typeof value !== "object") return [];
  const own = [value.image?.url, value.cropUrl].filter((address) => typeof address === "string");
  return [...own, ...Object.values(value).flatMap(addressesIn)];
}
