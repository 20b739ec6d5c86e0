"""Words that many have in their names, so that they tell nobody apart; as `fold` writes them."""

from __future__ import annotations

from collections.abc import Iterable

from kgpub.names.letters import fold


def _folded(*texts: str) -> frozenset[str]:
    return frozenset(_words(texts))


def _words(texts: Iterable[str]) -> Iterable[str]:
    return (word for text in texts for word in fold(text).split())


BODIES = _folded(
    "الحكومة حكومة البرلمان برلمان مجلس النواب الوزراء الأمن الشعب الشورى الأمة الأعلى القضاء",
    "وزارة الجيش الشرطة الدفاع الداخلية الخارجية المالية النفط الصحة التربية العدل الثقافة",
    "التعليم الكهرباء التجارة التخطيط الزراعة النقل المخابرات الرئاسة المحكمة العليا الاتحادية",
    "البنك المركزي",
    "حکوومەت پەرلەمان وەزارەتی ئەنجوومەنی وەزیران سوپا پۆلیس بەرگری ناوخۆ دەرەوە دارایی نەوت",
    "تەندروستی پەروەردە",
    "the of and government parliament cabinet council ministers representatives senate ministry",
    "army police national assembly defence defense interior foreign affairs finance oil health",
    "education justice supreme federal court central bank house security intelligence service",
    "agency armed forces military",
    # Parties
    "حزب الحزب الديمقراطي الديموقراطي الشيوعي الاشتراكي الجمهوري الليبرالي الوطني الوطنية العمل",
    "العمال الإسلامي الإسلامية الشعبي الشعبية الخضر البعث الاتحاد اتحاد الجبهة جبهة الحركة حركة",
    "حیزبی پارتی دیموکرات دیموکراتی شیوعی کرێکاران یەکێتی نیشتمانی",
    "party democratic communist socialist republican liberal conservative labour labor workers",
    "people's islamic popular green union front movement",
    # Newspapers and channels
    "صحيفة جريدة قناة الصباح النهار الأخبار الشرق الحياة اليوم الوطن الجمهورية الثورة الرأي العرب",
    "الخليج الفجر السياسة البيان الأنباء المستقبل النور الزمان",
    "newspaper daily times post herald news today standard guardian observer journal gazette mail",
    "star sun telegraph independent tribune channel television tv radio",
)
"""Of bodies, parties and newspapers that many countries have."""

EVENTS = _folded(
    "انتخابات الانتخابات استفتاء الاستفتاء العامة البرلمانية النيابية الرئاسية المحلية التشريعية",
    "البلدية مجلس النواب لعام لسنة عام سنة مظاهرات تظاهرات احتجاجات قمة مؤتمر",
    "هەڵبژاردنی هەڵبژاردن گشتی پەرلەمانی سەرۆکایەتی ساڵی",
    "the of in general election elections referendum parliamentary presidential local legislative",
    "municipal protests summit conference",
)
"""Of events that many countries have, in whatever year."""

GIVEN = _folded(
    "محمد أحمد محمود علي حسن حسين عباس جعفر كاظم مهدي صالح إبراهيم إسماعيل يوسف عمر عثمان خالد",
    "سعيد سالم جاسم قاسم كريم حميد حامد فاضل مصطفى ياسين طه عبدالله الله عبد",
    "محەمەد ئەحمەد عەلی حەسەن حوسێن مەحموود ئیبراهیم ئیسماعیل یوسف عومەر عوسمان خالید سەعید",
    "ساڵح مستەفا کەریم",
    "muhammad mohammed mohammad mohamed mohamad muhammed ahmed ahmad mahmoud mahmud ali hasan",
    "hassan husain hussain husayn hussein husein abbas jafar jaafar kadhim kazim mahdi saleh salih",
    "ibrahim ismail yousif yusuf youssef omar umar othman khalid khaled said saeed salem salim",
    "jasim jassim qasim qassim karim kareem hamid hameed mustafa mostafa abdullah abdallah",
)
"""Given names that so many people bear that two or three of them are no name to know one by."""
