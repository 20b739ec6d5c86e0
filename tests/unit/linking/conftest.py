"""A small gazetteer of well-known items."""

from collections.abc import Iterator

import pytest

from kgpub.linking.entity import Held, Item, Type
from kgpub.linking.gazetteer import Gazetteer

ITEMS = (
    Item(
        "Q796",
        Type.place,
        {"en": ("Iraq",), "ar": ("العراق",), "ckb": ("عێراق",)},
        "IQ",
        population=46_000_000,
        sitelinks=300,
        kind="country",
    ),
    Item("Q1530", Type.place, {"en": ("Baghdad",), "ar": ("بغداد",)}, "IQ", sitelinks=180),
    Item("Q900001", Type.place, {"en": ("Baghdadi",), "ar": ("البغدادي",)}, "IQ", sitelinks=5),
    Item(
        "Q900002",
        Type.person,
        {"en": ("Mustafa Al-Kadhimi",), "ar": ("مصطفى الكاظمي",)},
        "IQ",
        born="1967-07-05",
        sitelinks=40,
        held=(Held("Q900010", "2020-05-07", "2022-10-27"),),
        related=frozenset({"Q796"}),
    ),
    Item("Q900003", Type.person, {"en": ("Nechirvan Barzani",)}, "IQ", born="1966", sitelinks=30),
    Item("Q900004", Type.person, {"en": ("Masoud Barzani",)}, "IQ", born="1946", sitelinks=50),
    Item("Q900005", Type.person, {"en": ("Ali Hassan",)}, "EG", born="1950", died="1999"),
    Item("Q900006", Type.person, {"en": ("Ali Hassan",)}, "IQ", born="1975"),
    Item("Q900010", Type.office, {"en": ("Prime Minister of Iraq",)}, "IQ"),
    Item("Q900011", Type.organisation, {"en": ("Kurdistan Democratic Party",)}, "IQ"),
)


@pytest.fixture(scope="session")
def gazetteer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gazetteer]:
    path = tmp_path_factory.mktemp("gazetteer") / "index"
    made = Gazetteer.build(path, ITEMS, {"made.jsonl": "00"})
    yield made
    made.close()
