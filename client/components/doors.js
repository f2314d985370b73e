/** How somebody comes in: credentials, or a token for another server. */

import { ConnectView } from "./connect-view/connect-view.js";
import { CredentialsView } from "./credentials-view/credentials-view.js";
import { EntryForm } from "./entry-form/entry-form.js";

export const components = {
  "connect-view": ConnectView,
  "credentials-view": CredentialsView,
  "entry-form": EntryForm,
};
