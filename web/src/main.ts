// The query page of a server: the endpoint is beside it, and the form without JavaScript asks it too.

import { served } from "./endpoint";
import { found, settingsOf, start } from "./page";
import { saying, type Settings } from "./settings";
import { json } from "./vocabulary";

interface ServedSettings extends Settings {
  readonly endpoint: string;
  readonly terms: string;
}

const settings = settingsOf<ServedSettings>();
const form = found("query-form", HTMLFormElement);
form.target = "_blank";
start(settings, saying(settings), {
  endpoint: served(settings.endpoint),
  terms: json(settings.terms),
  download: () => form.submit(),
});
