/** Composition root: makes the parts, joins them, and shows the view the address names. */

import { announceAnswer, announcer } from "./browser/announcer.js";
import { defineComponents, loadWhenIdle } from "./browser/components.js";
import { CropSource } from "./browser/crop-source.js";
import { watchIncomingPhotos } from "./browser/incoming-photos.js";
import { languageButtons, speakChosenLanguage } from "./browser/language.js";
import { PhotoStore } from "./browser/photo-store.js";
import { preparePhoto } from "./browser/reduce-photo.js";
import { registerServiceWorker } from "./browser/register-service-worker.js";
import { Router } from "./browser/router.js";
import { ConnectionNotice } from "./components/connection-notice/connection-notice.js";
import { PhotoJob } from "./components/photo-job/photo-job.js";
import { PredictView } from "./components/predict-view/predict-view.js";
import { SiteHeader } from "./components/site-header/site-header.js";
import { UndoToast } from "./components/undo-toast/undo-toast.js";
import { Configuration } from "./configuration.js";
import { formatAddress } from "./models/address.js";
import { Api } from "./models/api.js";
import { wait } from "./models/backoff.js";
import { Connection } from "./models/connection.js";
import { explain } from "./models/error-sentences.js";
import { HistoryPages } from "./models/history-pages.js";
import { Identity } from "./models/identity.js";
import { predictVariables, tryVariables } from "./models/multipart.js";
import { PREDICT, START, TRY_PREDICT } from "./models/operations.js";
import { PendingDeletions } from "./models/pending-deletions.js";
import { mayBePhoto } from "./models/photo-size.js";
import { Session } from "./models/session.js";
import { UploadQueue } from "./models/upload-queue.js";
import { say } from "./models/words.js";
import { ROUTES } from "./routes.js";

/** Tells the other tabs that somebody "came" or "left". */
const channel = new BroadcastChannel("telltale:session");

function compose() {
  const configuration = new Configuration({
    metaOrigin: document.querySelector("meta[name=telltale-api]")?.content ?? "",
    ownOrigin: location.origin,
    deviceStorage: localStorage,
    tabStorage: sessionStorage,
  });
  const connection = new Connection();
  const identity = new Identity({
    configuration,
    cookies: () => document.cookie,
    fetch: (...request) => fetch(...request),
  });
  const app = {
    configuration,
    connection,
    identity,
    crops: new CropSource({ configuration, identity }),
  };
  app.api = new Api({
    configuration,
    connection,
    identity,
    onIdentityChanged: () => onIdentityChanged(app),
    fetch: (...request) => fetch(...request),
  });
  app.session = new Session({ api: app.api, configuration, identity });
  app.store = new PhotoStore();
  app.queue = new UploadQueue({
    store: app.store,
    prepare: (file) => preparePhoto(file, app.session.limits),
    send: async ({ key, model, name, prepared }, { isTry, signal }) => {
      const options = { file: prepared, isPatient: true, signal };
      if (isTry) return (await app.api.mutate(TRY_PREDICT, tryVariables(), options)).answer;
      return (await app.api.mutate(PREDICT, predictVariables(key, name, model), options))
        .prediction;
    },
  });
  app.deletions = new PendingDeletions({ api: app.api });
  app.history = new HistoryPages({ api: app.api, isHidden: (id) => app.deletions.has(id) });
  app.router = new Router(document.getElementById("main"), app);
  return app;
}

/** What views ask for beside the models. */
function addActions(app) {
  const toast = document.querySelector("undo-toast");
  app.go = (address) => app.router.go(address);
  app.tell = (sentence, way) => toast.tell(sentence, way);
  app.announce = announcer(document.getElementById("announcer"));
  app.addPhotos = (files, target) => addPhotos(app, files, target);
  app.enter = (account, address) => {
    const isOther = account.id !== app.session.lostId;
    if (isOther) app.queue.forgetAnswers();
    app.session.account = account;
    channel.postMessage("came");
    app.router.replace(address);
  };
  app.leave = (notice) => leave(app, notice);
}

function join(app) {
  const header = document.querySelector("site-header");
  // The fragment says where somebody is: a jump must not change it.
  document.querySelector(".skip-link").addEventListener("click", (event) => {
    event.preventDefault();
    document.getElementById("main").focus();
  });
  header.session = app.session;
  document.querySelector("connection-notice").connection = app.connection;
  document.querySelector("undo-toast").deletions = app.deletions;
  for (const anchor of document.querySelectorAll("[data-api-path]")) {
    anchor.href = app.configuration.publicOrigin + anchor.dataset.apiPath;
  }
  document.querySelector(".site-footer .ways").append(...languageButtons());
  const job = document.querySelector("photo-job");
  job.queue = app.queue;
  app.router.addEventListener("shown", () => {
    header.path = app.router.path;
    job.path = app.router.path;
  });
  app.session.addEventListener("change", () => {
    const { account, isLoggedIn, mayTry } = app.session;
    const withoutAccount = mayTry ? "trying" : "shut";
    app.queue.enter(isLoggedIn ? "open" : withoutAccount, account?.id);
    noteWhetherKnown(isLoggedIn);
    if (app.session.isLoggedIn) loadWhenIdle("photo-card", ...tagsOfAccounts());
  });
  app.queue.addEventListener("change", (event) => onPhoto(app, event.detail));
  app.queue.addEventListener("removed", () => app.connection.rest());
  app.deletions.addEventListener("failed", (event) => app.tell(explain(event.detail).sentence));
  watchPage(app);
}

function watchPage(app) {
  const noteOffline = () => {
    app.connection.isOffline = !navigator.onLine;
  };
  addEventListener("online", () => {
    noteOffline();
    if (!app.session.isKnown) learnWhoIsHere(app);
  });
  addEventListener("offline", noteOffline);
  noteOffline();
  // Nobody can take back what they no longer see.
  const flush = () => app.deletions.flush({ keepalive: true });
  addEventListener("pagehide", flush);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") flush();
    else if (app.identity.mayHaveChanged) onIdentityChanged(app);
  });
  watchIncomingPhotos({ invitation: say("predict.dropHere"), onFiles: app.addPhotos });
  channel.addEventListener("message", ({ data }) => onOtherTab(app, data));
}

/** For the next arrival, which is seen before anybody can be asked: see browser/arrival.js. */
function noteWhetherKnown(isKnown) {
  if (isKnown) {
    localStorage.setItem("telltale:known", "yes"); // What is shown now stays where it is.
  } else {
    localStorage.removeItem("telltale:known");
    document.documentElement.removeAttribute("data-known");
  }
}

/** Whoever is logged in soon opens one of these. */
function tagsOfAccounts() {
  return ROUTES.filter(({ access }) => access === "account").map(({ tag }) => tag);
}

/** Whatever is no photo is named in one line, and goes nowhere. */
function addPhotos(app, files, target = null) {
  const photos = files.filter(mayBePhoto);
  const others = files.filter((file) => !mayBePhoto(file));
  if (others.length > 0) {
    app.tell(say("predict.noPhotos", { count: others.length, name: others[0].name }));
  }
  if (photos.length === 0) return;
  // Where something is taught they are to be learned from.
  const lesson = document.querySelector("lesson-view");
  if (lesson) {
    lesson.teach(photos, target);
    return;
  }
  app.queue.add(photos);
  if (app.router.path !== "/") app.go("#/");
}

function onPhoto(app, photo) {
  if (photo.error?.code === "QUOTA_SPENT") app.session.spendAll();
  if (photo.state === "failed") app.connection.rest();
  if (photo.state !== "answered") return;
  if (photo.isNews) announceAnswer(app.announce, photo.prediction);
  if (!photo.isKept) return;
  app.history.isOutdated = true; // Nobody loses their place for it.
  app.session.spendOne();
}

/** Photos of a page that is gone are as good as chosen just now; those of somebody else are dropped. */
async function takeUpPhotos(app) {
  const { account } = app.session;
  const records = await app.store.leftBehind();
  const isOurs = (record) => !record.account || !account || record.account === account.id;
  for (const { key } of records.filter((record) => !isOurs(record))) app.store.delete(key);
  const ours = records.filter(isOurs);
  if (ours.length > 0) app.queue.restore(ours);
}

/** Tokens are each tab's own, and none of another's business. */
function onOtherTab(app, message) {
  if (!app.session.mayManage) return;
  if (message === "left") {
    loseIdentity(app);
    app.queue.clear(); // They said so: a session that ran out keeps the photos.
  } else onIdentityChanged(app);
}

/** The API takes this page for another's, or may do so: whoever is here is asked for. */
async function onIdentityChanged(app) {
  const before = app.session.account;
  try {
    const start = await app.api.query(START, {}, { isForAnybody: true });
    if (before?.id !== app.session.account?.id) return; // settled meanwhile
    if (before && start.viewer?.id !== before.id) loseIdentity(app);
    else if (before || app.session.awaits(start.viewer)) {
      app.session.begin(start);
      if (!before && start.viewer) app.router.show();
    }
    if (start.viewer && !app.session.awaits(start.viewer)) app.queue.forgetAnswers();
  } catch (error) {
    if (before && error.code === "UNAUTHENTICATED") loseIdentity(app);
  }
}

/** The place stays, the person has to say who they are; what is theirs is nobody else's to see. */
function loseIdentity(app) {
  if (!app.session.isLoggedIn) return;
  app.session.lose();
  app.deletions.forget();
  app.startsLesson = null;
  app.router.show();
  app.history.forget();
  const way = { text: say("navigation.signIn"), href: "#/log-in?notice=lost" };
  if (app.router.path === "/") app.tell(say("errors.UNAUTHENTICATED"), way);
}

/** A reload forgets everything this page knew: answers, photos, object URLs, filters. */
async function leave(app, notice) {
  await app.deletions.flush();
  await app.session.end();
  await app.store.clear();
  app.configuration.forgetToken();
  channel.postMessage("left");
  history.replaceState(null, "", formatAddress(["log-in"], { notice }));
  location.reload();
}

/** In pieces: between them a browser can paint, and answer to a press. */
async function start() {
  const app = compose();
  addActions(app);
  try {
    await speakChosenLanguage();
  } catch {
    dispatchEvent(new Event("unloaded")); // browser/arrival.js tells it, without words of ours.
    return;
  }
  defineComponents(ConnectionNotice, PhotoJob, PredictView, SiteHeader, UndoToast);
  await wait(0);
  join(app);
  app.router.start();
  await wait(0);
  await learnWhoIsHere(app);
  registerServiceWorker(() => {
    app.isOutdated = true;
  });
}

/** With a way on at once: offline, who is here may not be known for long. */
async function learnWhoIsHere(app) {
  if (!navigator.onLine) {
    app.router.showProblem(say("connection.needed"), () => learnWhoIsHere(app));
    return;
  }
  try {
    await app.session.start();
    if (app.router.isWaiting) app.router.show();
    takeUpPhotos(app);
  } catch (error) {
    app.router.showProblem(explain(error).sentence, () => learnWhoIsHere(app));
  }
}

start();
