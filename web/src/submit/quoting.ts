// Texts as scalars of YAML that YAML 1.1 and 1.2 read alike, on one line.

const RESERVED = /^(?:~|null|true|false|yes|no|on|off|y|n)$/i;
/** Letters begin it, and nothing in it means anything to YAML. */
const PLAIN = /^\p{L}[\p{L}\p{M}\p{N}\p{Zs}،؛؟.!()/«»“”…_%+=;٪'"-]*$/u;
const SLUG_OR_TIME = /^(?:[a-z0-9]+(?:-[a-z0-9]+)*(?:\/[a-z0-9]+(?:-[a-z0-9]+)*)?|[0-9][0-9X~.\/-]*)$/;
/** What YAML cannot hold as it is, or takes for an end of line, or what nobody would see. */
const ESCAPED =
  // eslint-disable-next-line no-control-regex
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ud800-\udfff\ufeff\ufffe\uffff]/;
const SURROGATES = /[\ud800-\udbff][\udc00-\udfff]/g;

/** Return a text as a scalar: bare where that is safe, else in quotes. */
export function quoted(text: string): string {
  const isPlain = PLAIN.test(text) && !/\p{Zs}$/u.test(text) && !/\p{Zs}{2}/u.test(text);
  if (!RESERVED.test(text) && (isPlain || SLUG_OR_TIME.test(text)) && !mustEscape(text)) return text;
  return mustEscape(text) ? escaped(text) : `'${text.replaceAll("'", "''")}'`;
}

function mustEscape(text: string): boolean {
  return ESCAPED.test(text.replace(SURROGATES, ""));
}

function escaped(text: string): string {
  let written = "";
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    if (character === '"' || character === "\\") written += `\\${character}`;
    else if (character === "\n") written += "\\n";
    else if (character === "\r") written += "\\r";
    else if (character === "\t") written += "\\t";
    else if (code <= 0xffff && ESCAPED.test(character)) {
      written += `\\u${code.toString(16).padStart(4, "0")}`;
    } else written += character;
  }
  return `"${written}"`;
}
