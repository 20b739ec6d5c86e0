// On a narrow screen one side is shown at a time; on a wide one both are, and these buttons are not.

/** Make the buttons work. Returns what shows a side. */
export function sides(): (side: "article" | "facts") => void {
  const panes = document.querySelector<HTMLElement>(".submit-panes");
  const buttons = document.querySelectorAll<HTMLButtonElement>(".submit-sides button");
  const show = (side: string) => {
    if (panes !== null) panes.dataset["shown"] = side;
    for (const each of buttons) {
      each.setAttribute("aria-pressed", String(each.dataset["side"] === side));
    }
  };
  for (const each of buttons) {
    each.addEventListener("click", () => show(each.dataset["side"] ?? "article"));
  }
  return show;
}
