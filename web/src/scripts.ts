// Data that scripts hand over: as scripts, and not by fetch, it can be had where a site is opened as
// files, too.

declare global {
  interface Window {
    /** What each of these scripts calls. */
    kgpubShard?: (name: string, build: string, content: unknown) => void;
  }
}

/** A script is missing, or of another build than the page. */
export class Unreadable extends Error {}

/** Take away what the page says to readers without scripts. */
export function begun(): void {
  for (const each of document.querySelectorAll(".without-script")) each.remove();
}

export type Load = (name: string) => Promise<unknown>;

/** Return what loads the scripts in `folder`, by their names, each once. */
export function scripts(folder: string, build: string): Load {
  const waiting = new Map<string, (build: string, content: unknown) => void>();
  const loaded = new Map<string, Promise<unknown>>();
  window.kgpubShard = (name, of, content) => waiting.get(name)?.(of, content);
  const load = (name: string) =>
    new Promise<unknown>((resolve, reject) => {
      const script = document.createElement("script");
      const end = (act: () => void) => {
        waiting.delete(name);
        script.remove();
        act();
      };
      waiting.set(name, (of, content) =>
        end(() => (of === build ? resolve(content) : reject(new Unreadable(name)))),
      );
      script.addEventListener("error", () => end(() => reject(new Unreadable(name))));
      script.addEventListener("load", () => {
        // It ran, and did not hand over what was asked for.
        if (waiting.has(name)) end(() => reject(new Unreadable(name)));
      });
      script.src = `${folder}${name}.js?v=${build}`;
      document.head.append(script);
    });
  return (name) => {
    let promise = loaded.get(name);
    if (promise === undefined) {
      promise = load(name);
      // What failed may be there later.
      promise.catch(() => loaded.delete(name));
      loaded.set(name, promise);
    }
    return promise;
  };
}
