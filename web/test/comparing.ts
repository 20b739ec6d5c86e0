// Answers lines of JSON: see comparing.js.

import { readFile } from "node:fs/promises";
import { createInterface } from "node:readline";
import { Folding } from "../src/search/folding";
import { forms, frame } from "../src/search/forms";
import { Hearing } from "../src/search/hearing";
import { Index } from "../src/search/index";
import { Names } from "../src/search/names";
import { parsed } from "../src/search/query";
import type { Rules } from "../src/search/rules";
import { Search, type Part } from "../src/search/searching";
import { Sounds } from "../src/search/sounds";
import { Titles } from "../src/search/titles";
import type { Settings } from "../src/settings";
import { address } from "../src/shown";

type Question =
  | { what: "rules"; rules: Rules }
  | { what: "words"; texts: string[] }
  | { what: "query"; texts: string[] }
  | { what: "names"; texts: string[] }
  | { what: "alike"; pairs: [string, string][] }
  | { what: "forms"; words: string[] }
  | { what: "addresses"; iris: string[]; settings: Settings }
  | {
      what: "search";
      folder: string;
      language: string;
      texts: string[];
      counts: Partial<Record<Part, number>>;
      first: number;
    };

let folding: Folding;
let names: Names;
let hearing: Hearing;
const searches = new Map<string, Promise<Search>>();

function searchIn(folder: string, language: string): Promise<Search> {
  const key = `${language} ${folder}`;
  let search = searches.get(key);
  if (search === undefined) {
    const read = async (name: string) =>
      JSON.parse(await readFile(`${folder}/${name}.json`, "utf8")) as unknown;
    const loaded = new Map<string, Promise<unknown>>();
    const load = (name: string) => {
      const part = loaded.get(name) ?? read(name);
      loaded.set(name, part);
      return part;
    };
    search = Index.open(load).then((index) => new Search(index, language));
    searches.set(key, search);
  }
  return search;
}

async function answer(question: Question): Promise<unknown> {
  switch (question.what) {
    case "rules":
      folding = new Folding(question.rules);
      names = new Names(folding, new Sounds(question.rules), new Titles(question.rules));
      hearing = new Hearing(names, question.rules);
      return null;
    case "words":
      return question.texts.map((text) => ({
        folded: folding.words(text),
        placed: [...folding.placed(text)].map(({ folded, place }) => [folded, ...place]),
      }));
    case "query":
      return question.texts.map((text) => parsed(text, folding));
    case "names":
      return question.texts.map((text) => [names.read(text), ...names.readings(text)]);
    case "alike":
      return question.pairs.map(([one, other]) => hearing.alike(one, other));
    case "forms":
      return question.words.map((word) => ({
        arabic: [...forms(word, false)].map(({ stem, isSure }) => [stem, isSure]),
        sorani: [...forms(word, true)].map(({ stem, isSure }) => [stem, isSure]),
        frame: frame(word),
        sound: hearing.of(word),
      }));
    case "addresses":
      return question.iris.map((iri) => address(iri, question.settings));
    case "search": {
      const search = await searchIn(question.folder, question.language);
      const { counts, first } = question;
      return Promise.all(question.texts.map((text) => search.find(text, { counts, first })));
    }
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${JSON.stringify(await answer(JSON.parse(line) as Question))}\n`);
}
