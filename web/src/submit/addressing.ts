// The address of the page tells which article is worked on, so that a reload comes back to it.

/** Put the slug of an article into the addresses of the page in all languages; null for none. */
export function address(language: string, slug: string | null): void {
  const query = new URLSearchParams({ lang: language });
  if (slug !== null) query.set("article", slug);
  history.replaceState(null, "", `?${query}`);
  for (const link of document.querySelectorAll<HTMLAnchorElement>("nav.languages a")) {
    const target = new URL(link.href);
    if (slug === null) target.searchParams.delete("article");
    else target.searchParams.set("article", slug);
    link.href = target.href;
  }
}
