"""The words that synthetic articles are made of: Arabic beside the slug or English of the same."""

from __future__ import annotations

from typing import NamedTuple


class Word(NamedTuple):
    """An Arabic word, its English, and what it is made into a slug with."""

    arabic: str
    english: str

    @property
    def slug(self) -> str:
        """The English in lower case, its words joined by hyphens."""
        return self.english.lower().replace(" ", "-")


def _words(text: str) -> tuple[Word, ...]:
    pairs = (pair.strip().split(" = ") for pair in text.strip().splitlines())
    return tuple(Word(arabic, english) for arabic, english in pairs)


GIVEN_NAMES = _words("""
    سامان = Saman
    ليلى = Layla
    هيوا = Hiwa
    كريم = Karim
    شيرين = Shirin
    رزكار = Rizgar
    نادية = Nadia
    سالم = Salim
    آرام = Aram
    زينب = Zaynab
    دلشاد = Dilshad
    هناء = Hana
    طارق = Tariq
    روناك = Runak
    وليد = Walid
    سروة = Sirwa
    ماجد = Majid
    كاوة = Kawa
    سعاد = Suad
    ياسين = Yasin
    بيان = Bayan
    فارس = Faris
    نازدار = Nazdar
    عدنان = Adnan
    شوان = Shwan
    هدى = Huda
    ريبوار = Rebwar
    منى = Muna
    جمال = Jamal
    تارا = Tara
""")

FATHERS_NAMES = _words("""
    حسن = Hasan
    رشيد = Rashid
    محمود = Mahmud
    عزيز = Aziz
    قادر = Qadir
    صالح = Salih
    رحيم = Rahim
    نوري = Nuri
    فتاح = Fattah
    يوسف = Yusuf
    حميد = Hamid
    جلال = Jalal
    عمر = Umar
    إسماعيل = Ismail
    مجيد = Majeed
    سعيد = Said
    توفيق = Tawfiq
    أمين = Amin
    خليل = Khalil
    بكر = Bakr
    صابر = Sabir
    رؤوف = Rauf
    شاكر = Shakir
    حكيم = Hakim
    لطيف = Latif
    وهاب = Wahhab
    نجم = Najm
    كامل = Kamil
    غازي = Ghazi
    منير = Munir
""")

FAMILY_NAMES = _words("""
    الحداد = al-Haddad
    النجار = al-Najjar
    البناء = al-Banna
    الخياط = al-Khayyat
    السامرائي = al-Samarrai
    الزيدي = al-Zaydi
    الجاف = al-Jaf
    الهورامي = Hawrami
    الراوي = al-Rawi
    الشمري = al-Shammari
    البياتي = al-Bayati
    الدوسكي = Doski
    الصالحي = al-Salihi
    العاني = al-Ani
    الكركوكي = Kirkuki
    القيسي = al-Qaysi
    الخفاجي = al-Khafaji
    الطائي = al-Tai
    السوراني = Sorani
    العبيدي = al-Ubaydi
    الموسوي = al-Musawi
    الربيعي = al-Rubayi
    الزهاوي = al-Zahawi
    البرزنجي = Barzanji
    الساعدي = al-Saidi
    الدليمي = al-Dulaymi
    الحيدري = al-Haydari
    الشيخاني = Shekhani
    التميمي = al-Tamimi
    الجبوري = al-Juburi
""")

CITIES = _words("""
    أربيل = Erbil
    بغداد = Baghdad
    السليمانية = Sulaymaniyah
    دهوك = Duhok
    كركوك = Kirkuk
    الموصل = Mosul
    البصرة = Basra
    النجف = Najaf
    كربلاء = Karbala
    حلبجة = Halabja
    زاخو = Zakho
    سنجار = Sinjar
    تكريت = Tikrit
    الرمادي = Ramadi
    بعقوبة = Baquba
    الحلة = Hilla
    الكوت = Kut
    العمارة = Amara
    الناصرية = Nasiriyah
    السماوة = Samawa
    الديوانية = Diwaniyah
    كلار = Kalar
    رانية = Ranya
    سوران = Soran
    عقرة = Akre
    شقلاوة = Shaqlawa
    خانقين = Khanaqin
    طوزخورماتو = Tuz Khurmatu
    تلعفر = Tal Afar
    الفلوجة = Fallujah
    سامراء = Samarra
    هيت = Hit
    عنه = Anah
    كويسنجق = Koya
    جمجمال = Chamchamal
    بنجوين = Penjwen
    لندن = London
    باريس = Paris
    برلين = Berlin
    فيينا = Vienna
""")

BODIES = _words("""
    وزارة = Ministry
    هيئة = Agency
    مؤسسة = Foundation
    حزب = Party
    جامعة = University
    شركة = Company
    نقابة = Union
    صحيفة = Newspaper
""")

BODY_KINDS = (
    "ministry",
    "public-agency",
    "foundation",
    "political-party",
    "university",
    "company",
    "trade-union",
    "media-outlet",
)
"""The kind of organisation of each of BODIES, in the same order."""

SUBJECTS = _words("""
    الموارد المائية = Water Resources
    الزراعة = Agriculture
    النقل = Transport
    التراث = Heritage
    التجديد = Renewal
    الإعمار = Reconstruction
    الكهرباء = Electricity
    التعليم = Education
    الصحة = Health
    البيئة = Environment
    التجارة = Trade
    الثقافة = Culture
    السياحة = Tourism
    العمل = Labour
    الصناعة = Industry
    الاتصالات = Communications
    التخطيط = Planning
    الرياضة = Sport
    الآثار = Antiquities
    الإسكان = Housing
    الطرق = Roads
    العدالة = Justice
    النهضة = Revival
    الوفاق = Accord
    المستقبل = Future
""")

POSTS = _words("""
    رئيس = Head
    نائب رئيس = Deputy Head
    أمين عام = Secretary General
    مدير = Director
""")

TOPICS = _words("""
    شبكة المياه = Water network
    الموازنة العامة = Public budget
    رواتب الموظفين = Salaries of employees
    عودة النازحين = Return of the displaced
    الطريق السريع = Motorway
    أزمة السكن = Housing shortage
    المناهج الدراسية = School curricula
    حماية الآثار = Protection of antiquities
    أسعار الوقود = Fuel prices
    قانون الانتخابات = Electoral law
    المعابر الحدودية = Border crossings
    الاستثمار الأجنبي = Foreign investment
    مكافحة الفساد = Fight against corruption
    الخدمات الصحية = Health services
    زراعة القمح = Growing of wheat
    الطاقة الشمسية = Solar energy
""")

DAYS = _words("""
    الأحد = Sunday
    الاثنين = Monday
    الثلاثاء = Tuesday
    الأربعاء = Wednesday
    الخميس = Thursday
""")

TRADES = _words("""
    الصحافة = journalism
    التدريس = teaching
    المحاماة = law
    الطب = medicine
    الهندسة = engineering
    التجارة = business
    البحث العلمي = research
""")
"""Occupations; the English is the kind."""

STANCES = _words("""
    دعمه الكامل = supports
    رفضه الشديد = rejects
    ترحيبه الحار = welcomes
    خشيته البالغة = fears
""")
"""How somebody stands to a thing; the English is the kind."""

HOPES = (
    "نعمل معا من أجل حل قريب",
    "لا بد من خطوات واضحة في الأشهر المقبلة",
    "أشكر كل من أسهم في هذا الجهد",
    "سنواصل العمل حتى تتحسن الأوضاع",
    "هذه مسؤولية مشتركة بين الجميع",
    "نرجو أن يكون العام المقبل أفضل من سابقه",
)
"""Beginnings of what people are quoted with."""

REMARKS = (
    "وما زالت الآراء متباينة في الشارع بشأن ما ستؤول إليه الأمور",
    "ويرى مراقبون أن الأسابيع القادمة ستكشف الكثير",
    "ولم تصدر حتى الآن تفاصيل أخرى عن ذلك",
    "وكان الموضوع قد أثار نقاشا واسعا في الأوساط المحلية",
    "وتتواصل الاستعدادات على أكثر من صعيد",
    "وتبقى الأسئلة مفتوحة أمام جميع الأطراف",
)
"""Sentences that say nothing a submission would record."""
