// The search page of a site without a server: what the address asks for is looked up in the index.

import { Index } from "./search/index";
import { Page, type SearchSettings } from "./search/page";
import { asked, PER_PAGE } from "./search/request";
import { Search } from "./search/searching";
import { begun, scripts } from "./scripts";

function found(id: string): HTMLElement {
  const element = document.getElementById(id);
  if (element === null) throw new Error(`the page has no ${id}`);
  return element;
}

async function run(): Promise<void> {
  const settings = JSON.parse(found("search-settings").textContent ?? "") as SearchSettings;
  const request = asked(new URLSearchParams(location.search));
  const page = new Page(settings, found("search-found"), found("search-status"), request);
  const field = found("q");
  if (field instanceof HTMLInputElement) field.value = request.text;
  page.leadToOtherLanguages();
  begun();
  if (request.text.trim() === "") {
    field.focus();
    return;
  }
  page.tell("browser-searching");
  try {
    const index = await Index.open(scripts(settings.index, settings.build));
    const search = new Search(index, settings.language);
    page.show(await search.find(request.text, request.asked), PER_PAGE);
  } catch {
    page.tell("browser-search-unreadable");
  }
}

void run();
