"""Codes of countries (ISO 3166-1) by their items, for files that do not have the countries too."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

_TABLE = """
    Q796 IQ  Q794 IR  Q43 TR  Q858 SY  Q822 LB  Q810 JO  Q851 SA  Q817 KW  Q878 AE  Q846 QA
    Q398 BH  Q842 OM  Q805 YE  Q79 EG  Q1016 LY  Q948 TN  Q262 DZ  Q1028 MA  Q1025 MR  Q1049 SD
    Q1045 SO  Q977 DJ  Q970 KM  Q219060 PS  Q801 IL  Q889 AF  Q843 PK  Q227 AZ  Q399 AM  Q230 GE
    Q229 CY  Q41 GR  Q30 US  Q16 CA  Q145 GB  Q27 IE  Q142 FR  Q183 DE  Q38 IT  Q29 ES  Q45 PT
    Q55 NL  Q31 BE  Q39 CH  Q40 AT  Q34 SE  Q20 NO  Q35 DK  Q33 FI  Q36 PL  Q212 UA  Q159 RU
    Q148 CN  Q17 JP  Q668 IN  Q408 AU
"""
_WORDS = _TABLE.split()
CODES: Mapping[str, str] = MappingProxyType(dict(zip(_WORDS[::2], _WORDS[1::2], strict=True)))
"""The countries that news of Iraq and its neighbours tell of most."""
