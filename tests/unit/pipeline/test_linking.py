"""Which links are made of what a source of candidates finds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from kgpub.linking.decision import decide as decide_for_real
from kgpub.linking.entity import Candidate, Held, Item, Mention, Outcome, Type
from kgpub.linking.scoring import of_items
from kgpub.model.links import Decisions, Found, FoundLink
from kgpub.pipeline.known_items import KnownItems
from kgpub.pipeline.linking import Linked, find_links, merged
from kgpub.pipeline.mentions import Named

NOTHING = Decisions({}, frozenset(), frozenset())


@dataclass
class Listed:
    """A source that knows items by the first word of names, with the score that each shall have."""

    scores: dict[str, list[tuple[str, float]]]
    method = "gazetteer"
    version = "list 1"

    def candidates(self, mention: Mention, limit: int = 10) -> Sequence[Candidate]:
        found = self.scores.get(mention.names["en"][0].split()[0], [])
        return [
            Candidate(Item(qid, mention.type, mention.names), score, (f"{qid} has the name.",))
            for qid, score in found[:limit]
        ]

    def item(self, qid: str) -> Item | None:
        return None


def decide(candidates: Sequence[Candidate]) -> Outcome:
    if not candidates:
        return Outcome.nil
    return Outcome.linked if candidates[0].score > 0.9 else Outcome.review


def named(name: str, item: str = "") -> Named:
    return Named(
        f"person/{name.lower()}", item, Mention({"en": (f"{name} Salim Omar",)}, Type.person)
    )


def rows(
    entities: Sequence[Named],
    scores: dict[str, list[tuple[str, float]]],
    decided: Decisions = NOTHING,
) -> list[tuple[str, str, Found]]:
    found = find_links(entities, Listed(scores), decide, decided, "2026-11-30")
    return [(row.entity, row.item, row.outcome) for each in found for row in each.rows]


def test_linked_left_to_people_or_nothing() -> None:
    scores = {"A": [("Q1", 0.99), ("Q2", 0.2)], "B": [("Q3", 0.6), ("Q4", 0.5)]}
    assert rows([named("A"), named("B"), named("C")], scores) == [
        ("person/a", "Q1", Found.linked),
        ("person/b", "Q3", Found.candidate),
        ("person/b", "Q4", Found.candidate),
        ("person/c", "", Found.nil),
    ]


def test_a_row_tells_method_score_evidence_source_and_day() -> None:
    (found,) = find_links(
        [named("A")], Listed({"A": [("Q1", 0.987)]}), decide, NOTHING, "2026-11-30"
    )
    assert found.rows == (
        FoundLink(
            *("person/a", "Q1", Found.linked, "gazetteer", "0.99"),
            *("Q1 has the name.", "list 1", "2026-11-30"),
        ),
    )


def test_what_is_known_is_not_looked_up() -> None:
    decided = Decisions({"person/b": "Q8"}, frozenset(), frozenset({"person/c"}))
    scores = {name: [("Q1", 0.99)] for name in "ABC"}
    assert rows([named("A", "Q7"), named("B"), named("C")], scores, decided) == []


def test_rejected_pairs_never_come_back_and_make_room_for_others() -> None:
    decided = Decisions({}, frozenset({("person/a", "Q1")}), frozenset())
    scores = {"A": [("Q1", 0.99), *((f"Q{n}", 0.5) for n in range(2, 9))], "B": [("Q1", 0.99)]}
    assert rows([named("A"), named("B")], scores, decided) == [
        *(("person/a", f"Q{n}", Found.candidate) for n in range(2, 7)),
        ("person/b", "Q1", Found.linked),
    ]


def test_an_item_of_another_entity_is_left_to_people() -> None:
    found = find_links(
        [named("A"), named("B", "Q1")], Listed({"A": [("Q1", 0.99)]}), decide, NOTHING, ""
    )
    assert [row.outcome for row in found[0].rows] == [Found.candidate]
    assert found[0].rows[0].evidence == "Q1 is linked to person/b already. Q1 has the name."


def test_an_item_that_fits_two_is_left_to_people() -> None:
    scores = {"A": [("Q1", 0.99)], "B": [("Q1", 0.95)]}
    assert [outcome for _, _, outcome in rows([named("A"), named("B")], scores)] == [
        Found.candidate,
        Found.candidate,
    ]


def test_what_is_found_again_keeps_its_day() -> None:
    source = Listed({"A": [("Q1", 0.99)], "B": [("Q2", 0.99)]})
    before = [
        FoundLink(
            "person/a",
            "Q1",
            Found.linked,
            "gazetteer",
            "0.99",
            "Q1 has the name.",
            "list 1",
            "2020-01-01",
        ),
        FoundLink(
            "person/b",
            "Q2",
            Found.linked,
            "gazetteer",
            "0.50",
            "Q2 has the name.",
            "list 1",
            "2020-01-01",
        ),
    ]
    found = find_links([named("A"), named("B")], source, decide, NOTHING, "2026-11-30")
    assert [row.day for row in merged(found, before)] == ["2020-01-01", "2026-11-30"]


def test_an_item_with_other_names_in_one_language_is_left_to_people() -> None:
    class Gazetteer(Listed):
        def candidates(self, mention: Mention, limit: int = 10) -> Sequence[Candidate]:
            names = {"ar": ("اوربا",), "en": ("Aruba",)}
            return [Candidate(Item("Q1", Type.place, names), 0.99, ())]

    europe = Named("place/europe", "", Mention({"ar": ("اوربا",), "en": ("Europe",)}, Type.place))
    aruba = Named("place/aruba", "", Mention({"ar": ("اوربا",), "en": ("Aruba",)}, Type.place))
    (found,) = find_links([europe], Gazetteer({}), decide, NOTHING, "")
    assert found.outcome is Outcome.review
    assert found.rows[0].evidence == "In the language en it is “Aruba”, not “Europe”."
    (found,) = find_links([aruba], Gazetteer({}), decide, NOTHING, "")
    assert found.outcome is Outcome.linked


MERGED = {"Q90": Item("Q1", Type.person, {}), "Q91": Item("Q2", Type.person, {})}
"""What Wikidata tells of two items that were merged into others."""


def test_an_item_that_was_rejected_does_not_come_back_by_the_name_that_it_has_now() -> None:
    decided = Decisions({}, frozenset({("person/a", "Q90")}), frozenset())
    scores = {"A": [("Q1", 0.99), ("Q3", 0.5)]}
    source, known = Listed(scores), KnownItems((MERGED.get,))
    (found,) = find_links([named("A")], source, decide, decided, "", known=known)
    assert [row.item for row in found.rows] == ["Q3"]
    scores = {"A": [("Q90", 0.99)]}
    again = Decisions({}, frozenset({("person/a", "Q1")}), frozenset())
    (found,) = find_links([named("A")], Listed(scores), decide, again, "", known=known)
    assert found.outcome is Outcome.nil, "a gazetteer has the item of before"


def test_an_item_that_was_accepted_as_a_redirect_is_no_other_entity() -> None:
    decided = Decisions({"person/b": "Q90"}, frozenset(), frozenset())
    source, known = Listed({"A": [("Q1", 0.99)]}), KnownItems((MERGED.get,))
    (found,) = find_links([named("A"), named("B")], source, decide, decided, "", known=known)
    assert found.outcome is Outcome.review
    assert found.rows[0].evidence == "Q1 is linked to person/b already. Q1 has the name."


def test_two_candidates_of_which_one_is_the_other_fit_two_entities() -> None:
    source, known = Listed({"A": [("Q1", 0.99)], "B": [("Q90", 0.99)]}), KnownItems((MERGED.get,))
    found = find_links([named("A"), named("B")], source, decide, NOTHING, "", known=known)
    assert [each.outcome for each in found] == [Outcome.review, Outcome.review]


class Items:
    """A source that has some items, and scores them as `kgpub link` does."""

    method = "gazetteer"
    version = "items 1"

    def __init__(self, *items: Item) -> None:
        self.items = {item.qid: item for item in items}

    def candidates(self, mention: Mention, limit: int = 10) -> Sequence[Candidate]:
        return of_items(mention, self.items.values())[:limit]

    def item(self, qid: str) -> Item | None:
        return self.items.get(qid)


def links(entities: Sequence[Named], *items: Item) -> dict[str, Linked]:
    found = find_links(entities, Items(*items), decide_for_real, NOTHING, "2026-11-30")
    return {each.named.entity: each for each in found}


TRIPOLI = {"ar": ("طرابلس",), "en": ("Tripoli",)}
IN_LIBYA = Item("Q900001", Type.place, TRIPOLI, "LY", kind="city")
IN_LEBANON = Item("Q900002", Type.place, TRIPOLI, "LB", kind="city")
LEBANON = Named("place/lebanon", "Q822", Mention({"ar": ("لبنان",)}, Type.place), ("a",))
LIBYA = Named("place/libya", "Q1016", Mention({"ar": ("ليبيا",)}, Type.place), ("b",))


def tripoli(*articles: str) -> Named:
    return Named("place/tripoli", "", Mention(TRIPOLI, Type.place), articles)


def test_of_two_cities_of_one_name_that_in_the_country_of_the_article_is_meant() -> None:
    found = links([LEBANON, LIBYA, tripoli("a")], IN_LIBYA, IN_LEBANON)["place/tripoli"]
    assert (found.outcome, found.candidates[0].item.qid) == (Outcome.linked, "Q900002")
    found = links([LEBANON, LIBYA, tripoli("a", "b")], IN_LIBYA, IN_LEBANON)["place/tripoli"]
    assert found.outcome is Outcome.review, "both countries are told of"


def test_the_only_city_of_a_name_in_another_country_is_left_to_people() -> None:
    found = links([LEBANON, tripoli("a")], IN_LIBYA)["place/tripoli"]
    assert found.outcome is not Outcome.linked
    assert "Its country is LY, not LB." in found.candidates[0].evidence
    found = links([LEBANON, tripoli("b")], IN_LIBYA)["place/tripoli"]
    assert found.outcome is Outcome.linked, "nothing is known of its country"


def test_a_country_lies_in_no_other_that_an_article_tells_of() -> None:
    item = Item("Q1016", Type.place, {"ar": ("ليبيا",)}, "LY", kind="country")
    mention = Mention(LIBYA.mention.names, Type.place, kind="country")
    libya = Named("place/libya", "", mention, ("a",))
    assert links([LEBANON, libya], item)["place/libya"].outcome is Outcome.linked


def test_an_office_is_that_of_the_country_in_which_it_has_its_power() -> None:
    names = {"ar": ("وزير الداخلية",)}
    office = Named("office/minister", "", Mention(names, Type.office), (), (), ("place/lebanon",))
    of_libya = Item("Q900010", Type.office, names, "LY")
    of_lebanon = Item("Q900011", Type.office, names, "LB")
    found = links([LEBANON, office], of_libya, of_lebanon)["office/minister"]
    assert (found.outcome, found.candidates[0].item.qid) == (Outcome.linked, "Q900011")
    assert links([LEBANON, office], of_libya)["office/minister"].outcome is not Outcome.linked


REGION = Named("place/region", "Q900012", Mention({"ar": ("إقليم السهل",)}, Type.place), ("a",))
ITS_ITEM = Item("Q900012", Type.place, {"ar": ("إقليم السهل",)}, "LB", kind="region")


def in_region(*names: str) -> Named:
    return Named("office/o", "", Mention({"ar": names}, Type.office), (), (), ("place/region",))


def test_an_office_of_a_part_of_a_country_is_not_that_of_the_country() -> None:
    of_lebanon = Item("Q900013", Type.office, {"ar": ("رئيس الوزراء", "رئيس وزراء لبنان")}, "LB")
    found = links([LEBANON, REGION, in_region("رئيس الوزراء")], of_lebanon, ITS_ITEM)["office/o"]
    assert found.outcome is Outcome.review
    told = "Whether it is an office of the same country is not known."
    assert told in found.candidates[0].evidence
    # What is named after the part is that of the part, wherever the article is read.
    own = "رئيس إقليم السهل"
    of_region = Item("Q900014", Type.office, {"ar": (own,)}, "LB")
    found = links([LEBANON, REGION, in_region(own)], of_region, ITS_ITEM)["office/o"]
    assert (found.outcome, found.candidates[0].item.qid) == (Outcome.linked, "Q900014")


def test_a_place_that_is_accepted_and_not_described_is_no_country() -> None:
    office = in_region("رئيس الوزراء")
    of_lebanon = Item("Q900013", Type.office, office.mention.names, "LB")
    accepted = Decisions({"place/region": "Q900012"}, frozenset(), frozenset())
    found = find_links(
        [office], Items(of_lebanon, ITS_ITEM), decide_for_real, accepted, "2026-11-30"
    )
    assert [each.outcome for each in found] == [Outcome.review]


def test_a_country_that_only_a_gazetteer_knows_is_one() -> None:
    plain = {"ar": ("سهلستان",)}
    country = Named("place/region", "Q900015", Mention(plain, Type.place), ("a",))
    for kind, outcome in (("country", Outcome.linked), ("region", Outcome.review)):
        its = Item("Q900015", Type.place, plain, "XP", kind=kind)
        office = Item("Q900016", Type.office, {"ar": ("رئيس الوزراء",)}, "XP")
        found = links([country, in_region("رئيس الوزراء")], office, its)["office/o"]
        assert found.outcome is outcome


SALIM = {"ar": ("سالم الوردي",), "en": ("Salim al-Wardi",)}


def test_a_namesake_of_a_country_that_no_article_tells_of_is_left_to_people() -> None:
    person = Named("person/salim", "", Mention(SALIM, Type.person), ("a",))
    of_yemen = Item("Q900024", Type.person, SALIM, "YE")
    (*_, found) = links([LEBANON, person], of_yemen).values()
    assert found.outcome is not Outcome.linked
    assert "Its country is YE, not LB." in found.candidates[0].evidence
    # One whose country is known and the same, or not known, is the one meant.
    for country in ("LB", ""):
        its = replace(of_yemen, country=country)
        assert links([LEBANON, person], its)["person/salim"].outcome is Outcome.linked
    both = Item("Q900025", Type.person, SALIM, "LB")
    found = links([LEBANON, person], of_yemen, both)["person/salim"]
    assert (found.outcome, found.candidates[0].item.qid) == (Outcome.linked, "Q900025")
    assert links([person], of_yemen)["person/salim"].outcome is Outcome.linked


def test_an_election_of_another_country_is_left_to_people() -> None:
    names = {"ar": ("انتخابات 2018",)}
    event = Named("event/vote", "", Mention(names, Type.event), ("a",))
    item = Item("Q900026", Type.event, names, "EG")
    assert links([LEBANON, event], item)["event/vote"].outcome is not Outcome.linked
    of_lebanon = replace(item, country="LB")
    assert links([LEBANON, event], of_lebanon)["event/vote"].outcome is Outcome.linked


MAYOR = Item("Q900020", Type.office, {"en": ("Mayor of the Plain",)}, "LB")


def tenure(start: str, end: str, item: str = "") -> list[Named]:
    office = Mention({"en": ("Mayor of the Plain",)}, Type.office)
    salim = Mention(SALIM, Type.person)
    held = (("office/mayor", start, end),)
    mayor = Named("office/mayor", item, office, within=("place/lebanon",))
    return [LEBANON, mayor, Named("person/salim", "", salim, (), held)]


def test_father_and_son_of_one_name_and_office_are_told_apart_by_when_they_held_it() -> None:
    father = Item("Q900021", Type.person, SALIM, held=(Held("Q900020", "1990", "1998"),))
    son = Item("Q900022", Type.person, SALIM, held=(Held("Q900020", "2015"),))
    entities = tenure("2016-01-01", "2016-12-31", "Q900020")
    found = links(entities, father, son)["person/salim"]
    assert (found.outcome, found.candidates[0].item.qid) == (Outcome.linked, "Q900022")
    found = links(entities, father)["person/salim"]
    assert found.outcome is not Outcome.linked
    assert "It held Q900020 at another time." in found.candidates[0].evidence


def test_an_office_that_is_linked_in_the_same_run_is_evidence_for_its_holder() -> None:
    holder = Item("Q900022", Type.person, SALIM, held=(Held("Q900020", "2015", "2017"),))
    found = links(tenure("2016-01-01", "2016-12-31"), MAYOR, holder)
    assert found["office/mayor"].outcome is Outcome.linked
    assert found["person/salim"].outcome is Outcome.linked
    assert "It held Q900020 at that time." in found["person/salim"].candidates[0].evidence


def test_a_namesake_with_other_offices_is_left_to_people() -> None:
    judge = Item("Q900023", Type.person, SALIM, held=(Held("Q900030", "2015"),))
    for entities in (tenure("2016", "2016"), tenure("2016", "2016", "Q900020")):
        assert links(entities, judge)["person/salim"].outcome is not Outcome.linked


def test_what_has_the_same_name_and_is_something_else_is_never_linked() -> None:
    name = {"ar": ("المدى",), "en": ("Al Mada",)}
    types = {
        "person": Type.person,
        "organisation": Type.organisation,
        "office": Type.office,
        "place": Type.place,
    }
    for folder, type_ in types.items():
        entity = Named(f"{folder}/mada", "", Mention(name, type_))
        others = [Item(f"Q90000{n}", each, name) for n, each in enumerate((*Type, None), 1)]
        found = links([entity], *(item for item in others if item.type is not type_))
        assert found[entity.entity].outcome is not Outcome.linked, folder
