import { say } from "../../models/words.js";

/** A label that waits for its first photo. */
export function newLabel(name) {
  const isSomethingElse = name.toLowerCase() === say("lesson.somethingElse").toLowerCase();
  return { id: null, name, isSomethingElse, exampleCount: 0 };
}

/** The labels of a lesson, and after them those that wait. */
export function withDrafts(labels, drafts) {
  const isNew = ({ name }) => !labels.some((label) => label.name === name);
  return [...labels, ...drafts.filter(isNew)];
}

/**
 * Photos by the nearest folder they were dropped or chosen with; "" where there is none.
 *
 * @param {File[]} photos
 * @returns {Map<string, File[]>}
 */
export function byFolder(photos) {
  const folders = new Map();
  for (const photo of photos) {
    const folder = photo.folder || (photo.webkitRelativePath.split("/").at(-2) ?? "");
    folders.set(folder, [...(folders.get(folder) ?? []), photo]);
  }
  return folders;
}
