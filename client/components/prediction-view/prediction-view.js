import { loadComponent } from "../../browser/components.js";
import { deletePredictions } from "../../browser/delete-predictions.js";
import { button, element } from "../../browser/element.js";
import { LiveElement } from "../../browser/live-element.js";
import { pair, problem } from "../../browser/page.js";
import { nameOf } from "../../models/confidence.js";
import { formatBytes, formatDateTime } from "../../models/formats.js";
import { PREDICTION_BY_ID } from "../../models/looking-operations.js";
import { say } from "../../models/words.js";
import { AnswerSteps } from "../answer-steps/answer-steps.js";
import { HeatMap } from "../heat-map/heat-map.js";
import { PhotoAnswer } from "../photo-answer/photo-answer.js";
import { RequestDisclosure } from "../request-disclosure/request-disclosure.js";
import { SimilarPhotos } from "../similar-photos/similar-photos.js";

const FOR_DEVELOPERS = ["model", "duration", "sha256"];

/** Everything about one answer; printed, it is a report of one page. Properties: `app`, `predictionId`. */
export class PredictionView extends LiveElement {
  static parts = [AnswerSteps, HeatMap, PhotoAnswer, RequestDisclosure, SimilarPhotos];

  #prediction = null;
  app;
  predictionId;

  // Lifecycle

  connectedCallback() {
    this.#load();
  }

  // Private

  async #load() {
    this.#show(element("p", { class: "lead", role: "status" }, say("prediction.looking")));
    try {
      const { app, predictionId: id, signal } = this;
      const { node } = await app.api.query(PREDICTION_BY_ID, { id }, { signal });
      if (node && !this.app.deletions.has(this.predictionId)) this.#showPrediction(node);
      else this.#showMissing();
    } catch (error) {
      if (!this.signal.aborted) this.#showProblem(error);
    }
  }

  #show(...content) {
    const { app, predictionId } = this;
    const steps = { class: "no-print", set: { app, predictionId } };
    this.replaceChildren(element("answer-steps", steps), ...content);
  }

  #showPrediction(prediction) {
    this.#prediction = prediction;
    this.#showTitle();
    const { app, predictionId } = this;
    const answer = Object.assign(element("photo-answer"), { isAlone: true });
    answer.addEventListener("changed", () => this.#showTitle());
    answer.show(app, prediction);
    const picture = Object.assign(element("heat-map"), { app, prediction, labels: answer });
    const similar = element("similar-photos", { class: "no-print" });
    Object.assign(similar, { app, predictionId });
    const disclosure = element("request-disclosure");
    disclosure.configuration = app.configuration;
    disclosure.request = { operation: PREDICTION_BY_ID, variables: { id: predictionId } };
    this.#show(
      element(
        "article",
        {},
        picture,
        answer,
        element(
          "div",
          { class: "facts" },
          element("h2", {}, say("prediction.about")),
          facts(prediction),
        ),
      ),
      this.#actions(),
      similar,
      disclosure,
    );
    this.querySelector("h1").focus({ preventScroll: true });
    this.#showReadings(this.querySelector(".facts"));
  }

  /** Somebody may have gone on before a correction was taken. */
  #showTitle() {
    if (this.isConnected) document.title = `${nameOf(this.#prediction)} · Telltale`;
  }

  /** What the person's own lessons say of the same photo. */
  async #showReadings(place) {
    try {
      await loadComponent("lesson-readings");
    } catch {
      return; // The answer stands without them.
    }
    const { app, predictionId } = this;
    const answeredBy = this.#prediction.model.name;
    place.prepend(Object.assign(element("lesson-readings"), { answeredBy, app, predictionId }));
  }

  #actions() {
    const { mayManage } = this.app.session;
    return element(
      "div",
      { class: "actions no-print" },
      button(say("prediction.print"), { iconName: "print", on: { click: () => print() } }),
      mayManage &&
        button(say("prediction.delete"), {
          iconName: "trash",
          on: { click: () => this.#delete() },
        }),
    );
  }

  #delete() {
    deletePredictions(this.app, [this.#prediction]);
    if (!this.app.router.back("/history")) this.app.go("#/history");
  }

  #showMissing() {
    this.#show(
      element("h1", { tabindex: "-1" }, say("prediction.missing")),
      element("p", { class: "lead" }, say("prediction.missingText")),
    );
  }

  #showProblem(error) {
    this.#show(
      element("h1", { tabindex: "-1" }, say("prediction.failed")),
      ...problem(error, () => this.#load()),
    );
  }
}

function facts({ createdAt, durationMs, fileName, image, model }) {
  const entries = [
    ...(fileName ? [["file", fileName]] : []),
    ["answered", formatDateTime(createdAt)],
    ["model", say("prediction.modelVersion", model)],
    ["photo", say("prediction.photoFacts", { ...image, size: formatBytes(image.bytes) })],
    ["duration", say("prediction.milliseconds", { count: Math.round(durationMs) })],
    ["sha256", element("code", {}, image.sha256)],
  ];
  return element(
    "dl",
    {},
    entries.map(([term, value]) => {
      const audience = FOR_DEVELOPERS.includes(term) ? "for-developers" : null;
      return pair(say(`prediction.${term}`), value, { class: audience });
    }),
  );
}
