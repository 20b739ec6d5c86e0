"""Titles that newspapers put before a name: forms of address, ranks, offices.

Any of them may be part of a name (السيد is a given name in Egypt), so that a reading without the
title stands beside the one with it and never instead.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from kgpub.names.letters import fold

_ADDRESSES = {
    "ar": """
        السيد السيدة سيد الآنسة الأستاذ الأستاذة الدكتور الدكتورة دكتور د دكتورة أ م المهندس
        المهندسة الشيخ الشيخة شيخ الحاج الحاجة الرئيس الرئيسة النائب النائبة نائب الوزير الوزيرة
        السفير السفيرة المحافظ القاضي القاضية المستشار المستشارة المحامي المحامية البروفيسور
        الأمير الأميرة الملك الملكة السلطان الإمام آية_الله العلامة سماحة فخامة دولة معالي سعادة
        جلالة سمو حضرة اللواء الفريق العميد العقيد المقدم الرائد النقيب الملازم الجنرال المشير
        الفريق_أول الفريق_الركن اللواء_الركن العميد_الركن المرحوم الراحل الشهيد السيناتور النجم
        الفنان الفنانة الكاتب الكاتبة الصحفي الصحفية المرجع المرجع_الديني القس الأب المطران
        البطريرك البابا المفتي مفتي الزعيم القيادي السياسي
    """,
    "ckb": """
        بەڕێز بەڕێزان دکتۆر دکتور د مامۆستا شێخ مەلا کاک خاتوو ئەندازیار سەرۆک پارێزگار جەنابی
        حاجی مام ژەنەڕاڵ فەریق لیوا عەمید پارێزەر دادوەر نووسەر ڕۆژنامەنووس شەهید وەزیر میر
        خوالێخۆشبوو
    """,
    "fa": """
        آقای آقا خانم دکتر مهندس حاج حاجی سید شیخ استاد پروفسور سردار سرلشکر سرتیپ سرهنگ ژنرال
        امیر آیت_الله آیت‌الله_العظمی حجت_الاسلام حجت_الاسلام_والمسلمین مولوی ملا شهید مرحوم جناب
        سناتور رئیس‌جمهور رئیس_جمهور نخست_وزیر جناب_آقای سرکار_خانم
    """,
    "en": """
        mr mrs ms miss sir dame lord lady dr prof professor eng engineer sheikh shaikh shaykh hajj
        haji sayyid sayyed seyed syed imam ayatollah grand_ayatollah mullah mulla mawlana maulana
        hujjat_al_islam president vice_president prime_minister deputy_prime_minister minister
        foreign_minister interior_minister defence_minister defense_minister finance_minister
        deputy_minister secretary_of_state secretary_general senator congressman congresswoman
        representative deputy mp speaker governor mayor ambassador judge justice general gen
        lieutenant_general lt_gen major_general maj_gen brigadier brigadier_general brig_gen
        colonel col lieutenant_colonel major captain capt lieutenant marshal field_marshal admiral
        king queen prince princess emir sultan caliph the_late chairman chairwoman chief director
        commander his_excellency her_excellency his_majesty the_honourable hon rev reverend father
        bishop patriarch pope former_president former_prime_minister mag dipl_ing m_r dra don
    """,
}
"""Titles of one word or several, joined by `_`, which take nothing after them but the name."""

_OFFICES = {
    "ar": """
        رئيس رئيسة وزير وزيرة محافظ مدير مديرة قائد أمين سفير سفيرة نائب_رئيس نائب_وزير وكيل_وزارة
        رئيس_مجلس رئيس_حكومة رئيس_وزراء رئيس_جمهورية رئيس_إقليم رئيس_أركان رئيس_جهاز مستشار
        مبعوث ممثل ممثلة عضو عضوة زعيم مؤسس عميد
    """,
    "ckb": """
        سەرۆکی سەرۆک سەرۆک_وەزیرانی وەزیری جێگری_سەرۆکی جێگری بەڕێوەبەری فەرماندەی ئەندامی سکرتێری
        پارێزگاری باڵیۆزی نوێنەری وتەبێژی
    """,
    "fa": """
        رئیس وزیر استاندار فرمانده سفیر معاون نماینده سخنگوی دبیر مدیر عضو
    """,
}
"""Offices that are named with what they are of: رئيس الوزراء, وزير الخارجية العراقي."""

_COMPLEMENTS = """
    مجلس حكومة إقليم كردستان كوردستان جمهورية أركان جهاز وزراء نواب هيئة حزب منظمة دائرة عام
    سابق أسبق راحل عراقي إيراني تركي سوري لبناني أمريكي مصري سعودي العراق إيران تركيا سوريا لبنان
    مصر هەرێمی کوردستان کوردستانی عێراق عێراقی وەزیران حکومەتی پەرلەمانی پەرلەمان کۆماری گشتی
    دەرەوە ناوخۆ دارایی جمهور امور خارجه کشور دفاع مجلس دولت سابق ایران
"""
"""Words that go on with an office, besides those that bear the article."""

_ARTICLE = "ال"
_MAX_WORDS = 5
"""How many words of an office are taken off at most; a name is left in any case."""


def _phrases(table: dict[str, str]) -> dict[str, list[tuple[str, ...]]]:
    """Return the titles by their first word, the longest first."""
    by_first: dict[str, list[tuple[str, ...]]] = defaultdict(list)
    for text in table.values():
        for entry in text.split():
            words = tuple(fold(entry.replace("_", " ")).split())
            by_first[words[0]].append(words)
    return {first: sorted(set(those), key=len, reverse=True) for first, those in by_first.items()}


ADDRESS_WORDS = _phrases(_ADDRESSES)
OFFICE_WORDS = _phrases(_OFFICES)
"""Titles, folded, by their first word; the longest first."""
COMPLEMENT_WORDS = frozenset(fold(word) for word in _COMPLEMENTS.split())
FIRST_WORDS = frozenset(ADDRESS_WORDS) | frozenset(OFFICE_WORDS)


def title_length(words: Sequence[str]) -> int:
    """Return how many of the first folded `words` are titles; at least one word is none.

    >>> title_length("رييس الوزراء مصطفي الكاظمي".split())
    2
    """
    taken = 0
    while taken < len(words) - 1:
        step = _one_title(words[taken:])
        if not step:
            break
        taken += step
    return taken


def _one_title(words: Sequence[str]) -> int:
    office = _longest(OFFICE_WORDS, words)
    if office:
        end = office
        last = min(len(words) - 1, office + _MAX_WORDS)
        while end < last and (words[end].startswith(_ARTICLE) or words[end] in COMPLEMENT_WORDS):
            end += 1
        if end > office:
            return end
    return max(_longest(ADDRESS_WORDS, words), office)


def _longest(table: dict[str, list[tuple[str, ...]]], words: Sequence[str]) -> int:
    for phrase in table.get(words[0], ()):
        if len(phrase) < len(words) and tuple(words[: len(phrase)]) == phrase:
            return len(phrase)
    return 0
