// Elements of SVG, with presentation attributes only: the page's policy forbids inline styles.

const NAMESPACE = "http://www.w3.org/2000/svg";

/** Make an element; texts become text nodes, never markup. */
export function drawn(
  name: string,
  attributes: Readonly<Record<string, string | number>> = {},
  ...content: (Node | string)[]
): SVGElement {
  const made = document.createElementNS(NAMESPACE, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  made.append(...content);
  return made;
}
