import { TeachingQueue } from "../models/teaching-queue.js";
import { preparePhoto } from "./reduce-photo.js";

/** The one queue of photos to teach with, made when somebody first teaches. */
export function teachingOf(app) {
  app.teaching ??= new TeachingQueue({
    api: app.api,
    connection: app.connection,
    prepare: (file) => photoText(file, app.session.limits),
  });
  return app.teaching;
}

/** @returns {Promise<string>} the photo, reduced to what is worth sending, in base64 */
export async function photoText(file, limits) {
  const photo = await preparePhoto(file, limits);
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result.split(",")[1]);
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(photo);
  });
}
