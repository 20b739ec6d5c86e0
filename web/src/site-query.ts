// The query page of a site without a server: the dataset is loaded into the browser, and asked there.

import { Refused } from "./endpoint";
import { LocalEndpoint, type Local, type State, type Whole } from "./local/endpoint";
import { OfflineEndpoint, type Offline } from "./local/offline";
import { Refusing } from "./local/refusing";
import type { Text } from "./local/store";
import { button, found, settingsOf, start } from "./page";
import { begun, scripts, type Load } from "./scripts";
import { saying, type Say, type Settings } from "./settings";

interface SiteSettings extends Settings, Local, Offline {
  /** Where scripts are that hand data over, and which build they are of. */
  readonly folder: string;
  readonly build: string;
  /** Texts of saved queries, by name. */
  readonly examples: Readonly<Record<string, string>>;
}

const SHOWN = 2_000; // milliseconds for which the browser needs a file that it was given

function run(): void {
  const settings = settingsOf<SiteSettings>();
  const say = saying(settings);
  const area = found("query-text", HTMLTextAreaElement);
  const given = new URLSearchParams(location.search);
  const chosen = exampleOf(settings, given.get("example") ?? "");
  const text = given.get("query") ?? chosen;
  if (text !== undefined) area.value = text;
  const load = scripts(settings.folder, settings.build);
  const endpoint = endpointOf(settings, say, load);
  const form = found("query-form", HTMLFormElement);
  const { replace } = start(settings, say, {
    endpoint,
    terms: load(`terms.${settings.language}`),
    download: (query) => {
      const wished = new FormData(form).get("format");
      void save(endpoint, query(), String(wished), say);
    },
  });
  begun();
  const menu = document.getElementById("query-examples");
  const select = document.getElementById("example");
  menu?.addEventListener("submit", (event) => {
    event.preventDefault();
    const name = select instanceof HTMLSelectElement ? select.value : "";
    const example = exampleOf(settings, name);
    if (example !== undefined) replace(example);
  });
}

/** Return the text of an example; what an address names may be any word. */
function exampleOf({ examples }: SiteSettings, name: string): string | undefined {
  return Object.hasOwn(examples, name) ? examples[name] : undefined;
}

function endpointOf(settings: SiteSettings, say: Say, load: Load): Whole {
  const refusing = new Refusing(say, settings.prefixes);
  const tell = loading(say);
  if (location.protocol === "file:") {
    return new OfflineEndpoint(settings, load, refusing, tell);
  }
  return new LocalEndpoint({ ...settings, ...absolute(settings) }, refusing, tell);
}

/** Return the addresses as a worker needs them, whose own address is another one. */
function absolute({ worker, wasm, dump }: Local) {
  const at = (address: string) => new URL(address, document.baseURI).href;
  return { worker, wasm: at(wasm), dump: { packed: at(dump.packed), plain: at(dump.plain) } };
}

/** Return what shows how far loading is. */
function loading(say: Say): (state: State) => void {
  const status = found("query-loading", HTMLElement);
  const text = found("query-loading-text", HTMLElement);
  const progress = found("query-progress", HTMLProgressElement);
  let is = "";
  return (state) => {
    if (state.is === "loading" && state.whole > 0) {
      progress.max = state.whole;
      progress.value = Math.min(state.bytes, state.whole);
    }
    if (state.is === is) return; // a screen reader is told once
    is = state.is;
    if (is === "loading") progress.removeAttribute("value");
    status.dataset["state"] = is;
    progress.hidden = is !== "loading";
    text.textContent = say(`local-${is}`);
  };
}

/** Let the reader have an answer as a file, or stop it before that. */
async function save(
  endpoint: Whole,
  query: string,
  wished: string,
  say: Say,
): Promise<void> {
  const text = found("query-loading-text", HTMLElement);
  const ending = new AbortController();
  const stop = button(say("stop"), () => ending.abort());
  text.after(stop);
  let answer: Text;
  try {
    answer = await endpoint.whole(query, wished, ending.signal);
  } catch (error) {
    const why = error instanceof Refused ? error.message : say("broken");
    text.textContent = ending.signal.aborted ? say("stopped") : why;
    return;
  } finally {
    stop.remove();
  }
  const address = URL.createObjectURL(new Blob([answer.text], { type: answer.mediaType }));
  const link = document.createElement("a");
  link.href = address;
  link.download = `answer.${answer.ending}`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), SHOWN);
}

run();
