/** Composition root of the playground: GraphiQL, and around it what Telltale adds. */

import { AccountStatus } from "./account-status.js";
import { tabFromAddress } from "./address-tab.js";
import { showCrops } from "./crops.js";
import { EditorBehaviour } from "./editor-behaviour.js";
import { createFetcher } from "./fetcher.js";
import { PhotoButton } from "./photo-button.js";
import { NEW_TAB_QUERY, preparedTabs } from "./prepared-tabs.js";
import { StorageWithoutSecrets } from "./storage-without-secrets.js";

const { React, ReactDOM, GraphiQL, GraphiQLPluginExplorer } = window;

/** What GraphiQL reads where it has stored nothing: the query one and a half times its variables. */
const STORAGE_DEFAULTS = { "graphiql:secondaryEditorFlex": "1.5" };

function start() {
  const container = document.getElementById("playground");
  const notice = document.getElementById("notice");
  const account = new AccountStatus(document.getElementById("account"));
  const say = (text) => {
    notice.textContent = text;
  };
  const fetcher = createFetcher({
    endpoint: container.dataset.endpoint,
    csrfCookie: container.dataset.csrfCookie,
    onMutation() {
      say("");
      account.refresh(fetcher);
    },
    onAnswer(answer, headers) {
      showCrops(document.getElementById("crops"), answer, headers);
      bringIntoView(container.querySelector(".graphiql-response"));
    },
  });
  container.addEventListener("notice", (event) => say(event.detail));

  const addressed = tabFromAddress(window.location.search);
  ReactDOM.createRoot(container).render(
    React.createElement(GraphiQL, {
      fetcher,
      plugins: [GraphiQLPluginExplorer.explorerPlugin({ showAttribution: false })],
      storage: new StorageWithoutSecrets(window.localStorage, STORAGE_DEFAULTS),
      defaultQuery: NEW_TAB_QUERY,
      defaultEditorToolsVisibility: "variables",
      inputValueDeprecation: true,
      schemaDescription: true,
      shouldPersistHeaders: false,
      toolbar: { additionalContent: additions(addressed?.operationName) },
      ...initialTabs(addressed),
    }),
  );
  account.refresh(fetcher);
}

/** On a phone the response stands below the question, and nothing else says that it has come. */
function bringIntoView(response) {
  if (!matchMedia("(width <= 44rem)").matches) return;
  const isStill = matchMedia("(prefers-reduced-motion: reduce)").matches;
  response?.scrollIntoView({ block: "start", behavior: isStill ? "instant" : "smooth" });
}

function additions(operationName) {
  return React.createElement(
    React.Fragment,
    null,
    React.createElement(PhotoButton),
    React.createElement(EditorBehaviour, { operationName }),
  );
}

/**
 * GraphiQL takes `defaultTabs` on the first visit only, and shows the first tab with the variables that
 * are passed beside them; on later visits an operation of the address joins the stored tabs.
 */
function initialTabs(addressed) {
  const isFirstVisit = window.localStorage.getItem("graphiql:tabState") === null;
  const defaultTabs = [...(addressed ? [addressed] : []), ...preparedTabs()];
  const shown = addressed ?? (isFirstVisit ? defaultTabs[0] : {});
  return { defaultTabs, query: shown.query, variables: shown.variables };
}

start();
