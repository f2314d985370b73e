import { button, element } from "../../browser/element.js";
import { say } from "../../models/words.js";

const JPEG_QUALITY = 0.92;

/**
 * Takes a photo with the camera, front or back. Opens when it is connected. Fires "photo" with a Blob,
 * "choose" where there is no camera and somebody has a photo, and "closed". Properties, set before: `name`, `takeLabel`, `isLasting` (it takes one photo after the
 * other, until it is closed), and `above` and `below`, what stands around the picture.
 */
export class CameraDialog extends HTMLElement {
  #dialog;
  #facing = "environment";
  #isTaking = false;
  #message = element("p", { class: "message", role: "alert" });
  #shoot;
  #stream = null;
  #turn;
  #video = element("video", { muted: true, playsinline: true, autoplay: true });
  above = null;
  below = null;
  isLasting = false;
  name = say("camera.name");
  takeLabel = say("camera.take");

  // Lifecycle

  connectedCallback() {
    this.#video.setAttribute("aria-label", say("camera.view"));
    this.#shoot = button(this.takeLabel, {
      class: "button primary large",
      iconName: "camera",
      disabled: true,
      on: { click: () => this.#takePhoto() },
    });
    this.#turn = button(say("camera.turn"), {
      iconName: "rotate",
      on: { click: () => this.#onTurn() },
    });
    this.classList.toggle("is-lasting", this.isLasting);
    const close = button(say(this.isLasting ? "page.done" : "page.close"), {
      on: { click: () => this.#dialog.close() },
    });
    this.#dialog = element(
      "dialog",
      { "aria-label": this.name, on: { close: () => this.#onClose() } },
      this.above,
      this.#video,
      this.#message,
      this.below,
      element("div", { class: "actions" }, this.#shoot, this.#turn, close),
    );
    this.replaceChildren(this.#dialog);
    this.#dialog.showModal();
    this.#start();
  }

  disconnectedCallback() {
    this.#stop();
  }

  // Private

  async #start() {
    this.#stop();
    try {
      const stream = await navigator.mediaDevices.getUserMedia({
        video: { facingMode: this.#facing, width: { ideal: 1920 }, height: { ideal: 1440 } },
      });
      // The dialog may have been closed while the person was asked.
      if (!this.isConnected || !this.#dialog.open) {
        stopTracks(stream);
        return;
      }
      this.#stream = stream;
      this.#video.srcObject = stream;
      this.#video.classList.toggle("is-mirrored", this.#facing === "user");
      await this.#video.play();
      this.#shoot.disabled = false;
    } catch (error) {
      this.#fail(error);
    }
  }

  #fail(error) {
    if (error.name === "AbortError") return;
    this.#message.textContent = say(
      error.name === "NotAllowedError" ? "camera.denied" : "camera.missing",
    );
    this.#video.hidden = true;
    this.#shoot.hidden = true;
    this.#turn.hidden = true;
    if (!this.isLasting) this.#offerToChoose();
  }

  #offerToChoose() {
    const choose = () => {
      this.dispatchEvent(new Event("choose"));
      this.#dialog.close();
    };
    const way = button(say("predict.choose"), { class: "button primary", on: { click: choose } });
    this.#shoot.before(way);
    way.focus();
  }

  #onTurn() {
    this.#facing = this.#facing === "user" ? "environment" : "user";
    this.#shoot.disabled = true;
    this.#start();
  }

  #takePhoto() {
    if (this.#isTaking) return;
    this.#isTaking = true;
    const { videoWidth: width, videoHeight: height } = this.#video;
    const canvas = Object.assign(document.createElement("canvas"), { width, height });
    canvas.getContext("2d").drawImage(this.#video, 0, 0);
    canvas.toBlob(
      (blob) => {
        this.#isTaking = false;
        // A second press may have come when the dialog was closed already.
        if (blob && this.#dialog.open) {
          this.dispatchEvent(new CustomEvent("photo", { detail: blob }));
        }
        if (this.isLasting) this.#video.animate([{ opacity: 0.3 }, { opacity: 1 }], 200);
        else this.#dialog.close();
      },
      "image/jpeg",
      JPEG_QUALITY,
    );
  }

  #onClose() {
    this.#stop();
    this.dispatchEvent(new Event("closed"));
  }

  #stop() {
    if (this.#stream) stopTracks(this.#stream);
    this.#stream = null;
    this.#video.srcObject = null;
  }
}

function stopTracks(stream) {
  for (const track of stream.getTracks()) track.stop();
}
