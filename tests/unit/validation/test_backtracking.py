"""Regular expressions that Python might match for ever, told from those that it does not."""

from __future__ import annotations

import itertools
import re
import subprocess
import sys
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kgpub.validation.ambiguity import Untrusted
from kgpub.validation.backtracking import MAX_STEPS, fault, growth

USUAL = 300
"""Code points of names and IRIs."""

REPEATED = [
    *((r"(a+)+$", "a"), (r"(a|aa)+$", "a"), (r"(.*)*x", "a"), (r"(a?a?)*b", "a")),
    *((r"(x+x+)+y", "x"), (r"(\w+\s?)*$", "a"), (r"(\w+\s?)+$", "a"), (r"([a-z]+-?)*$", "a")),
    *((r"(?i:(A+a*)+)$", "a"), (r"^(?!b)(a*)*$", "a"), (r"(a?)(a|\1a)*$", "a")),
    *((r"^(?=a)(a|a)*$", "a"), (r"^(?:a|b|ab)*$", "ab"), (r"^(?:,(?:\d+|\d\d))+$", ",11")),
    *((r"^(-a?a?)*$", "-a"), (r"^(?!0)(-a?a?)*$", "-a"), (r"^(?:a|(?:a|b)c?)+$", "a")),
    *((r"(?=(?:a|aa)*$)x", "a"), (r"(?i:(?:[a-c]|Bc?)*)x", "b")),
    (r"^(?:[\u0600-\u06ff]|\w+)*$", "س"),
]
"""Patterns with a repetition that can be divided in several ways, and what to repeat for them."""
ROWS: dict[str, tuple[Callable[[int], str], str]] = {
    "optional, then required": (lambda n: "a?" * n + "a" * n, "a"),
    "optional, then required, counted": (lambda n: f"^(a?){{{n}}}a{{{n}}}$", "a"),
    "optional alternatives": (lambda n: "^" + "(a|b)?" * n + "c", "ab"),
    "one or two": (lambda n: f"^(aa?){{{n}}}b", "a"),
    "one or two, written out": (lambda n: "^" + "(aa|a)" * n + "b", "a"),
    "alternatives that overlap": (lambda n: "^" + "(?:a|ab)(?:c|bcd)d?" * n + "x", "abcd"),
    "ways of taking nothing": (lambda n: "^" + "(?:b?|c?)" * n + "a", "d"),
    "within an assertion": (lambda n: f"^(?=(a?){{{n}}}b)", "a"),
    "within a repetition": (lambda n: "^(" + "a?" * n + "b)*$", "a"),
}
"""Parts in a row that can be divided in several ways, for a length of the row."""
HARMLESS = [
    *(r"^(\d+[a-z])*$", r"^(\w+\u060c\s)*$"),
    *(r"^[a-z0-9]+(-[a-z0-9]+)*$", r"^Q[1-9][0-9]*$", r"(foo|bar)+$", r"(ab){1,5}$", r"^(?!a)"),
    *(r"(a|b)*c", r"(\d+,)*\d+$", r"(https?://[^/]+)?$", r"^[0-9]{4}(-[0-9]{2}){0,2}$"),
    *(r"^(a)\1$", r"^([\"']).*\1$", r"^(a|b)(-\1)?$", r"^(.)(.).?\2\1$"),
    *(r"(\w+\s+)*\w+$", r"^([\u0621-\u064a]+\u060c ?)*$", r"^(?i:[a-z]+(-[a-z]+)*)$"),
    *(r"^(\d+\D)*$", r"^([0-9a-f]{2}:){5}[0-9a-f]{2}$", r"([0-9a-f]{32},)*$"),
    *(r"^([\w-]+\.)+[a-z]{2,}$", r"^(?=.*\d)(?=.*[a-z]).{8,}$", r'^"(?:[^"\\]|\\.)*"$'),
    r"^(25[0-5]|2[0-4]\d|1?\d?\d)(\.(25[0-5]|2[0-4]\d|1?\d?\d)){3}$",
    r"^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$",
    *(r"^[a-zA-Z]{1,8}(-[a-zA-Z0-9]{1,8})*$", r"^([\u0600-\u06ff]+ )*[\u0600-\u06ff]+$"),
    r"^-?P(\d+Y)?(\d+M)?(\d+D)?(T(\d+H)?(\d+M)?(\d+(\.\d+)?S)?)?$",
    r"^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$",
    *("Q[1-9][0-9]{0,9}", "[a-z0-9]{1,8}(-[a-z0-9]{1,4})?", r"^[^\s@]+@[^\s@]+\.[^\s@]+$"),
    *(r"[\w.+-]+@[\w-]+\.[\w.-]+", r"^https?://[^\s/$.?#].[^\s]*$", r"^\s+|\s+$", r".*\S.*"),
    r"^(https?|ftp)://[^\s/?#]+(/[^\s?#]*)?(\?[^\s#]*)?(#\S*)?$",
    r"^[a-z]{2,3}(-[A-Za-z]{4})?(-([A-Z]{2}|[0-9]{3}))?(-[a-z0-9]{5,8})*$",
    *(r"^(\+\d{1,3})?[ -]?\(?\d{2,4}\)?([ -]?\d{2,4}){1,4}$", r"^.{1,100}, .{1,100}$"),
    *(r"^(a?){4}b", "a{0,30}a{30}", r"^(a|ab)(c|bcd)(d*)$", "a?" * 30, "[[a]", ""),
]
UNITS = ("a", "-", "a-", "1,", "foo", "https://a", "ab", "1", "a@", "a.", " ", "-11", '"\\')


@pytest.mark.parametrize(("pattern", "unit"), REPEATED)
def test_repetitions_that_explode(pattern: str, unit: str) -> None:
    assert fault(pattern, USUAL) is not None
    assert_explodes(lambda _: pattern, unit, (12, 18))


@pytest.mark.parametrize("name", ROWS)
def test_rows_that_explode(name: str) -> None:
    make, unit = ROWS[name]
    assert fault(make(30), USUAL) is not None
    assert_explodes(make, unit, (14, 20))


def assert_explodes(make: Callable[[int], str], unit: str, lengths: tuple[int, int]) -> None:
    """Six letters more take eight times as long and longer; for a cubic pattern it is three."""
    times = []
    for length in lengths:
        compiled = re.compile(make(length))
        taken = []
        for _ in range(3):  # the least, as the machine has other work
            start = time.process_time()
            compiled.search(unit * length + "!")
            taken.append(time.process_time() - start)
        times.append(min(taken))
    assert times[1] > 8 * times[0]


@pytest.mark.parametrize(
    ("name", "text"), [("optional, then required", "a" * 30), ("one or two", "a" * 45)]
)
def test_a_row_of_thirty_takes_for_ever(name: str, text: str) -> None:
    make, _ = ROWS[name]
    program = f"import re; re.search({make(30)!r}, {text!r})"
    with pytest.raises(subprocess.TimeoutExpired):
        subprocess.run([sys.executable, "-c", program], check=True, timeout=3)


@pytest.mark.parametrize("pattern", HARMLESS)
def test_harmless(pattern: str) -> None:
    assert fault(pattern, 2000, multiline=False) is None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        compiled = re.compile(pattern)
    for unit in UNITS:
        start = time.process_time()
        compiled.search(unit * (2000 // len(unit)) + "!")
        assert time.process_time() - start < 5


def test_all_that_is_harmless_ends_in_time() -> None:
    program = (
        "import re, sys, warnings; warnings.simplefilter('ignore')\n"
        f"for pattern in {HARMLESS!r}:\n"
        f"    for unit in {UNITS!r}:\n"
        "        re.search(pattern, unit * (1000 // len(unit)) + '!')"
    )
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60)


@pytest.mark.parametrize(
    ("pattern", "degree"),
    [
        *(("^abc$", 1), ("abc", 1), ("^a*b", 1), ("a*b", 2), ("^a*a*b", 2), (".*.*x", 3)),
        *((r"^(?:.*,){4}x", 4), (r"^(?:[^,]*,){4}x", 1), (r"(x+x+)y", 3), ("a.*", 1)),
        *(
            ("^a*(?=a*b)c", 2),
            ("[0-9]+", 1),
            ("(a*)(b*)", 1),
            (r"\Aa*b", 1),
            (r"^(?=.*a).*b", 1),
            (r"(?=.*a)^a", 2),
            (r"(?:a(?=a*))*b", 3),
            (r"^(?=a*)b", 1),
            ("(?=a*)b", 2),
        ),
    ],
)
def test_the_power_of_the_length_that_time_grows_with(pattern: str, degree: int) -> None:
    assert growth(pattern, multiline=False).degree == degree


def test_whether_a_text_is_too_long_for_a_pattern() -> None:
    told = "'.*.*x' may take more than 1,000,000,000 steps on a text of 5,000 characters"
    assert fault(".*.*x", 5000) == f"the regular expression {told}"
    assert fault(".*.*x", 50) is None
    assert fault("^.*x", 10**6, multiline=False) is None
    # Where it may begin at each line, each may be tried to the end, as `.` may match its end.
    for multiline, pattern in ((True, "^.*x"), (False, "(?m)^.*x"), (False, "(?m:^).*x")):
        assert fault(pattern, 10**6, multiline=multiline) is not None


@pytest.mark.parametrize("pattern", [r"(a)\2", r"\p{L}", "(", "(" * 5000])
def test_what_python_does_not_read(pattern: str) -> None:
    assert fault(pattern, USUAL) == f"Python does not read the regular expression {pattern!r}"


@pytest.mark.parametrize(
    "pattern",
    [
        *(r"(a)?(?(1)b|c)", r"(a*)(\1a)*"),
        *(r"((a|ab?){4}){4}$", r"(((a{1,3}){3}){3}){3}$", r"(?a:\d|\w.?)*x"),
        *("((((){64}){64}){64}){64}", "^" + "(a|b?)" * 200, "(" * 60 + "a" + ")*" * 60),
        "(" + "|".join(f"{chr(0x4E00 + each)}a?" for each in range(3000)) + ")*",
        "(" * 60 + "|".join(chr(0x4E00 + each) for each in range(0, 900, 3)) + ")+" * 60,
        f"[{''.join(chr(each) for each in range(0x100, 0x1100, 2))}]",
        "a?" * 900 + "b",
    ],
    ids=lambda pattern: pattern[:20],
)
def test_what_takes_long_to_prove_is_not_trusted(pattern: str) -> None:
    start = time.process_time()
    assert fault(pattern, USUAL) is not None
    assert time.process_time() - start < 2


@dataclass(frozen=True)
class Expression:
    """A regular expression, and how to match it by trying all ways, one after the other.

    `match` takes a text, where to begin, what to do next, and what to call for each character.
    """

    pattern: str
    match: Callable[[str, int, Callable[[int], bool], Callable[[], None]], bool]


def character(pattern: str, taken: str) -> Expression:
    def match(text: str, at: int, rest: Callable[[int], bool], step: Callable[[], None]) -> bool:
        step()
        return at < len(text) and text[at] in taken and rest(at + 1)

    return Expression(pattern, match)


def mark(pattern: str, holds: Callable[[str, int], bool]) -> Expression:
    return Expression(pattern, lambda text, at, rest, _: holds(text, at) and rest(at))


def row(parts: list[Expression]) -> Expression:
    def match(text: str, at: int, rest: Callable[[int], bool], step: Callable[[], None]) -> bool:
        def from_part(number: int, at: int) -> bool:
            if number == len(parts):
                return rest(at)
            return parts[number].match(text, at, lambda to: from_part(number + 1, to), step)

        return from_part(0, at)

    return Expression("".join(part.pattern for part in parts), match)


def choice(parts: list[Expression]) -> Expression:
    # In groups, since Python makes one set of alternatives that are characters.
    pattern = f"(?:{'|'.join(f'({part.pattern})' for part in parts)})"
    return Expression(
        pattern,
        lambda text, at, rest, step: any(part.match(text, at, rest, step) for part in parts),
    )


def repeated(body: Expression, least: int, most: int | None) -> Expression:
    def match(text: str, at: int, rest: Callable[[int], bool], step: Callable[[], None]) -> bool:
        def again(count: int, at: int) -> bool:
            if (most is None or count < most) and body.match(
                text, at, lambda to: (to > at or count < least) and again(count + 1, to), step
            ):
                return True
            return count >= least and rest(at)

        return again(0, at)

    return Expression(f"(?:{body.pattern}){{{least},{'' if most is None else most}}}", match)


EXPRESSIONS = st.recursive(
    st.sampled_from(
        [
            *(character("a", "a"), character("b", "b"), character("[ab]", "ab")),
            *(character(".", "abc"), mark("$", lambda text, at: at == len(text))),
            *(mark("(?!b)", lambda text, at: text[at : at + 1] != "b"), row([])),
        ]
    ),
    lambda inner: (
        st.lists(inner, min_size=2, max_size=4).map(row)
        | st.lists(inner, min_size=2, max_size=3).map(choice)
        | st.builds(
            repeated,
            inner,
            st.integers(0, 1),
            st.sampled_from([1, 2, 3, None]),
        )
    ),
    max_leaves=8,
)
TEXTS = ["".join(each) for length in range(6) for each in itertools.product("ab", repeat=length)]
TEXTS += [unit * 4 + end for unit in ("aab", "abb", "aa", "ab", "bb") for end in ("", "c", "ac")]


@settings(max_examples=300, deadline=None)
@given(EXPRESSIONS)
def test_no_text_takes_more_steps_than_are_told(expression: Expression) -> None:
    try:
        most = growth(expression.pattern)
    except Untrusted:
        return
    for text in TEXTS:
        count = 0

        def step() -> None:
            nonlocal count
            count += 1

        matches = any(
            expression.match(text, start, lambda _: True, step) for start in range(len(text) + 1)
        )
        assert matches == bool(re.search(expression.pattern, text)), (expression.pattern, text)
        assert count <= min(most.at(len(text)), MAX_STEPS), (expression.pattern, text)
