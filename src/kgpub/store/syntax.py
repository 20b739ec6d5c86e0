"""The text of a query before it is parsed: its tokens, its form, and how large it may be.

Oxigraph's parser and planner recurse as deep as a query is nested and as long as its chains of
operators are, and overflow the stack of the process, which nothing can catch. So every text is
measured first. What the measure takes for one token (a string, an IRI, a name) is one for the
parser too; where `<` could also be the operator, what follows is counted as if it were.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import pairwise

from kgpub.errors import Place, QueryError

MAX_CHARACTERS = 10_000_000
MAX_TOKENS = 1_000
"""Outside lists of values. With 8 MB of stack, 2,500 of the worst kind still pass."""
MAX_DEPTH = 100
"""Brackets within brackets. With 8 MB of stack, 800 of the worst kind still pass."""

_ESCAPE = r"\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8}"
_CHARACTER = rf"\\[tbnrf\\\"']|{_ESCAPE}"
_LOCAL_ESCAPE = r"%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?#@%]"
# The characters of names, as PN_CHARS_BASE, PN_CHARS_U with digits, and PN_CHARS have them.
_BASE = (
    "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c\u200d"
    "\u2070-\u218f\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_FIRST = f"{_BASE}_0-9"
LETTER = f"{_FIRST}\u00b7\u0300-\u036f\u203f\u2040"
# The terminals of SPARQL 1.1, section 19.8, and those that SPARQL 1.2 adds. A prefix has 100
# characters at most here, lest the time grow with the square of what only looks like one.
TOKEN = re.compile(
    rf"""
      (?P<space>[\x20\t\r\n]+|\#[^\n\r]*)
    | (?P<string>
          "{{3}}(?:"{{0,2}}(?:[^"\\]|{_CHARACTER}))*+"{{3}}
        | '{{3}}(?:'{{0,2}}(?:[^'\\]|{_CHARACTER}))*+'{{3}}
        | (?!"{{3}}|'{{3}})(?:
              "(?:[^"\\\n\r]|{_CHARACTER})*+" | '(?:[^'\\\n\r]|{_CHARACTER})*+' ))
    | (?P<unclosed>"{{3}}|'{{3}}|["'])
    | (?P<iri><(?:[^<>"{{}}|^`\\\x00-\x20]|{_ESCAPE})*>)
    | [?$](?P<variable>[{_FIRST}][{LETTER}]*)
    | (?P<tag>@[A-Za-z]+(?:-[A-Za-z0-9]+)*(?:--[a-z]+)?)
    | (?P<blank>_:[{_FIRST}][{LETTER}.\-]*)
    | (?P<prefix>(?:[{_BASE}][{LETTER}.\-]{{0,99}})?):(?P<local>
          (?:(?:[{_FIRST}:]|{_LOCAL_ESCAPE})(?:[{LETTER}.:\-]|{_LOCAL_ESCAPE})*)?)
    | (?P<number>[0-9]+(?:\.[0-9]*)?(?:[eE][+-]?[0-9]+)?)
    | (?P<word>[{_BASE}_][{LETTER}]*)
    | (?P<open><<|[({{\[])
    | (?P<close>>>|[)}}\]])
    | (?P<escape>\\.)
    | .
    """,
    re.VERBOSE | re.DOTALL,
)
_IRI = re.compile(rf"<(?:[^<>\"{{}}|^`\\\x00-\x20]|{_ESCAPE})*>")
_OPENING = ("(", "{", "[", "<<")
_HIDING = re.compile("[#'\"]")
_FORMS = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")
_CHANGES = ("INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "COPY", "MOVE", "ADD", "WITH")
# What can only be an IRI: where // follows a prefix, no expression goes on.
_ABSOLUTE = re.compile(r"<[A-Za-z][A-Za-z0-9]{0,30}://")
_TERMS = frozenset(("string", "iri", "variable", "tag", "blank", "local", "number"))
_LONG_WORD = 16


def tokens(sparql: str) -> Iterator[re.Match[str]]:
    """Yield the tokens of a query without white space and comments; see TOKEN for their groups.

    Raises QueryError where what follows could be read in several ways: for a string that is not
    closed, or has an escape that is none, and for a comment or string that may stand in an IRI.
    """
    for token in TOKEN.finditer(sparql):
        if token.lastgroup == "unclosed":
            raise QueryError(
                f"{place(sparql, token.start())}: this string is not closed, or holds a \\ that "
                "escapes nothing",
                f"End it with {token[0]}, and write \\\\ for a backslash.",
            )
        if _may_hide(sparql, token):
            raise QueryError(
                f"{place(sparql, token.start())}: < may be an operator here, or begin an IRI",
                "Write a space behind the operator, or the whole IRI, as in <http://…>.",
            )
        if token.lastgroup != "space":
            yield token


def _may_hide(sparql: str, token: re.Match[str]) -> bool:
    """Whether a comment or string begins in `token`, or behind it, by one reading of its <."""
    if token[0] == "<<":
        iri = _IRI.match(sparql, token.start() + 1)
        return iri is not None and _HIDING.search(iri[0]) is not None
    if token.lastgroup != "iri" or _ABSOLUTE.match(token[0]):
        return False
    return _HIDING.search(token[0]) is not None


def place(sparql: str, index: int) -> Place:
    """Return the place of the character at `index`; lines end in LF, CR LF or CR."""
    return Place.at("query", re.sub(r"\r\n?", "\n", sparql[:index]), len(sparql))


def is_small(sparql: str) -> bool:
    """Whether a query is so short, with so few brackets, that `measure` would not refuse it."""
    # A token is a character at least; and what might be counted of an IRI stands in it.
    return len(sparql) <= MAX_TOKENS and sum(map(sparql.count, _OPENING)) <= MAX_DEPTH


def measure(sparql: str) -> None:
    """Raise QueryError for a query that is longer or nested deeper than can be evaluated.

    The values of VALUES, and IRIs, literals and variables that IN lists, are not counted.
    """
    if len(sparql) > MAX_CHARACTERS:
        raise QueryError(f"the query is longer than {MAX_CHARACTERS:,} characters")
    # Of each open bracket, what it holds: "data" of VALUES, a "list" of IN, or anything else.
    around: list[str] = []
    count = 0
    for token, context in _in_context(sparql, around):
        if len(around) > MAX_DEPTH:
            where = place(sparql, token.start())
            raise QueryError(f"{where}: more than {MAX_DEPTH} brackets are open here")
        if context == "data" or (context == "list" and _is_listed(token)):
            continue
        count += 1 + len(token["word"] or "") // _LONG_WORD * (_LONG_WORD // 4)
        if count > MAX_TOKENS:
            raise QueryError(
                f"{place(sparql, token.start())}: the query is too long: only {MAX_TOKENS:,} "
                "words, signs and terms may stand outside VALUES and IN",
                "Give many values by VALUES ?x { … }, or ask in several queries.",
            )


def _is_listed(token: re.Match[str]) -> bool:
    return token.lastgroup in _TERMS or token[0] in (",", "^")


def _in_context(sparql: str, around: list[str]) -> Iterator[tuple[re.Match[str], str]]:
    """Yield each token and what the bracket it stands in holds; keep `around` up to date."""
    before, values = "", False
    for token in _split(sparql, around):
        context = around[-1] if around else ""
        if token.lastgroup == "open":
            kind = ""
            if context == "data":
                kind = "data"
            elif before == "IN" and token[0] == "(":
                kind = "list"
            elif values and token[0] == "{":
                kind = "data"
            around.append(kind)
        elif token.lastgroup == "close" and around:
            around.pop()
        word = (token["word"] or "").upper()
        # VALUES ?x { … } or VALUES ( ?x ?y ) { … }
        values = word == "VALUES" or (
            values and (token["variable"] is not None or token[0] in ("(", ")"))
        )
        before = word
        yield token, context


def _split(sparql: str, around: list[str]) -> Iterator[re.Match[str]]:
    """Yield tokens, and after an IRI that may be none what it would be instead."""
    for token in tokens(sparql):
        yield token
        in_data = around and around[-1] == "data"
        if token.lastgroup == "iri" and not in_data and not _ABSOLUTE.match(token[0]):
            for inner in TOKEN.finditer(sparql, token.start() + 1, token.end() - 1):
                if inner.lastgroup not in ("space", None) or inner[0] in "+-*/|&!=":
                    yield inner


def form(sparql: str) -> str:
    """Return SELECT, ASK, CONSTRUCT or DESCRIBE, or "" for a text that has no form.

    Raises QueryError for an update.
    """
    for token in tokens(sparql):
        word = (token["word"] or "").upper()
        if word in _CHANGES:
            raise QueryError(
                f"{place(sparql, token.start())}: a query asks, and this would change something",
                "Data change by submissions and kgpub build.",
            )
        if word in _FORMS:
            return word
        if word and word not in ("PREFIX", "BASE", "VERSION"):
            return ""
    return ""


def undeclared(sparql: str, known: Mapping[str, str]) -> Iterator[re.Match[str]]:
    """Yield the names whose prefix is neither declared in the query nor `known`."""
    found = list(tokens(sparql))
    declarations = {
        after.start()
        for token, after in pairwise(found)
        if (token["word"] or "").upper() == "PREFIX" and after["prefix"] is not None
    }
    declared = {token["prefix"] for token in found if token.start() in declarations}
    for token in found:
        prefix = token["prefix"]
        if prefix is not None and prefix not in declared and prefix not in known:
            yield token
