"""What is wrong with a submission is told in Arabic and Kurdish, errors before SHACL included."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from tests.conftest import Run

FACTS = "articles/example/facts.yaml"
ISOLATED = re.compile("\u2068[^\u2068\u2069]*\u2069")
LATIN = {"EDTF", "JSON", "UTF", "YAML", "U"}

MISTAKES = {
    "unknown key": (
        ("kind: election", "knid: election"),
        "unknown-key",
        "مفتاح غير معروف: \u2068'knid'\u2069",
        "کلیلی نەناسراو: \u2068'knid'\u2069",
    ),
    "ungrounded words": (
        ("words: سنبدأ بإصلاح", "words: سنبدا بإصلاح"),
        "words-look-alike",
        "الألفاظ ليست في المقالة كما كُتبت",
        "وشەکان بەم شێوەیە لە وتارەکەدا نین",
    ),
    "absent words": (
        ("words: سنبدأ بإصلاح شبكة المياه", "words: zzzz"),
        "words-not-found",
        "الألفاظ \u2068zzzz\u2069 ليست في المقالة",
        "وشەکانی \u2068zzzz\u2069 لە وتارەکەدا نین",
    ),
    "date": (
        ("start: 2019", "start: 2019-13"),
        "edtf-month",
        "لا يوجد شهر رقمه 13",
        "مانگی ژمارە 13 نییە",
    ),
    "type": (
        ("type: Tenure, person: salim-omar", "type: Tenur, person: salim-omar"),
        "type-unfit",
        "النوع \u2068'Tenur'\u2069 لا يصلح هنا",
        "جۆری \u2068'Tenur'\u2069 بۆ ئێرە ناگونجێت",
    ),
    "syntax": (
        ("start: 2019}", "start: 2019"),
        "yaml-syntax",
        "لا يُقرأ بصيغة YAML",
        "وەک YAML ناخوێنرێتەوە",
    ),
    "shape": (
        ("kind: election", "kind: electoin"),
        "Event-kind",
        "هل تقصد «\u2068election\u2069»؟",
        "ئایا مەبەستت «\u2068election\u2069» بوو؟",
    ),
}


@pytest.fixture(params=MISTAKES.values(), ids=MISTAKES)
def mistake(example: Path, request: pytest.FixtureRequest) -> tuple[Path, str, dict[str, str]]:
    (old, new), code, arabic, kurdish = request.param
    path = example / FACTS
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")
    return example, code, {"ar": arabic, "ckb": kurdish}


@pytest.mark.parametrize("language", ["ar", "ckb"])
def test_typical_mistakes_are_told_in_the_reader_s_language(
    mistake: tuple[Path, str, dict[str, str]], kgpub: Run, language: str
) -> None:
    root, code, expected = mistake
    done = kgpub("validate", "--lang", language, "--format", "json", cwd=root)
    assert done.returncode == 1
    (problem,) = json.loads(done.stdout)["problems"]
    assert problem["code"] == code
    told = f"{problem['message']}\n{problem['remedy']}"
    assert expected[language] in told
    if code != "Event-kind":  # whose message names the shape and the node
        words = told
        while ISOLATED.search(words):
            words = ISOLATED.sub("", words)
        assert set(re.findall("[A-Za-z]+", words)) <= LATIN
    english = json.loads(kgpub("validate", "--format", "json", cwd=root).stdout)["problems"][0]
    assert (english["code"], english["line"]) == (code, problem["line"])
    assert not re.search("[\u0621-\u063a]", re.sub(ISOLATED, "", english["message"]))


@pytest.mark.parametrize(
    ("language", "refused", "error"),
    [("ar", "لم يتغير شيء", "خطأ"), ("ckb", "هیچ نەگۆڕا", "هەڵە")],
)
def test_a_build_refuses_in_the_reader_s_language(
    example: Path, kgpub: Run, language: str, refused: str, error: str
) -> None:
    path = example / FACTS
    path.write_text("a: [\n", encoding="utf-8")
    done = kgpub("build", "--lang", language, cwd=example)
    assert done.returncode == 1
    assert refused in done.stderr
    assert f"{FACTS}:1:4: {error}: " in done.stderr
    by_locale = kgpub("build", cwd=example, LC_ALL=f"{language}_IQ.UTF-8")
    assert by_locale.stderr == done.stderr


def test_the_code_is_the_rule_in_every_form_for_programs(example: Path, kgpub: Run) -> None:
    path = example / FACTS
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("kind: election", "knid: election"), encoding="utf-8")
    told = {
        form: kgpub("validate", "--lang", "ar", "-f", form, cwd=example).stdout
        for form in ("sarif", "junit", "github", "html")
    }
    assert json.loads(told["sarif"])["runs"][0]["results"][0]["ruleId"] == "unknown-key"
    assert 'type="unknown-key"' in told["junit"]
    assert "title=kgpub unknown-key::" in told["github"]
    assert all("مفتاح غير معروف" in each for each in told.values())


@pytest.mark.parametrize(
    ("shape", "code", "arabic", "kurdish"),
    [
        ("sh:minLength 1, 2", 2, "أصلح القيود", "مەرجەکان ڕاست بکەوە"),
        ("sh:minLength 1 ; sh:nonsense 2", 0, "ليس من مصطلحات", "زاراوەی"),
    ],
)
def test_what_is_wrong_with_shapes_is_told_in_the_language_that_is_asked_for(
    tmp_path: Path, kgpub: Run, shape: str, code: int, arabic: str, kurdish: str
) -> None:
    """Faults and notes; in that of the locale where none is asked for."""
    (tmp_path / "d.ttl").write_text("<urn:a> a <urn:C> .")
    (tmp_path / "s.ttl").write_text(
        "@prefix sh: <http://www.w3.org/ns/shacl#> .\n"
        f"<urn:S> sh:targetClass <urn:C> ; sh:property [ sh:path <urn:p> ; {shape} ] .\n"
    )
    for language, words in (("ar", arabic), ("ckb", kurdish)):
        call = ("validate", "d.ttl", "--shapes", "s.ttl")
        asked = kgpub(*call, "--lang", language, cwd=tmp_path)
        of_locale = kgpub(*call, cwd=tmp_path, LC_ALL=f"{language}.UTF-8")
        for done in (asked, of_locale):
            assert done.returncode == code
            assert words in done.stderr
            latin = set(re.findall("[A-Za-z]+", ISOLATED.sub("", done.stderr)))
            assert latin <= {"kgpub", "note"}
