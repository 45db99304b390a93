from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from gbese.apps.identity import queries as identity
from gbese.apps.identity.acts import Act
from gbese.apps.parties import queries
from gbese.apps.parties.errors import CountryMalformed, PartyKindUnknown, PartyNameMissing
from gbese.apps.parties.models import Party, PartyIdentifier
from gbese.apps.parties.names import folded
from gbese.apps.parties.services import NewParty, find_or_add_parties, find_or_add_party
from gbese.core.errors import Refusal

Acts = Callable[..., Act]


@pytest.mark.parametrize(
    ("name", "searched"),
    [
        ("Ọlá  Adébáyọ̀", "ola adebayo"),
        ("Ёлкин", "елкин"),
        ("ҚАЗАҚСТАН", "казакстан"),
        ("Straße", "strasse"),
        ("Ægir Ørsted", "aegir orsted"),
        ("أحمد", "احمد"),
        ("ﬁnance", "finance"),
    ],
)
def test_a_name_is_searched_without_case_and_marks(name: str, searched: str) -> None:
    assert folded(name) == searched


@pytest.mark.django_db
def test_a_party_is_added_once_and_then_found(acts: Acts) -> None:
    first = find_or_add_party(name="Zenith Bank", country="NG", kind="organisation", act=acts())
    again = find_or_add_party(name="ZENITH  bank", country="NG", kind="organisation", act=acts())

    assert first == again
    assert [row.name for row in queries.party_choices("zen", 10)] == ["Zenith Bank"]
    assert identity.audit_head().number == 1


@pytest.mark.django_db
def test_an_identifier_outlives_a_name(acts: Acts) -> None:
    swazi = NewParty(name="Swaziland", country="SZ", identifiers=(("wb-country", "SZ"),))
    renamed = NewParty(name="Eswatini", country="SZ", identifiers=(("wb-country", "SZ"),))

    assert find_or_add_parties(parties=[swazi], act=acts()) == find_or_add_parties(
        parties=[renamed], act=acts()
    )


@pytest.mark.django_db
def test_two_of_one_name_with_other_numbers_are_two(acts: Acts) -> None:
    first, second, again = find_or_add_parties(
        parties=[
            NewParty(name="Aliyu Bello", kind="person", identifiers=(("bvn", "1"),)),
            NewParty(name="Aliyu Bello", kind="person", identifiers=(("bvn", "2"),)),
            NewParty(name="Aliyu Bello", kind="person", identifiers=(("bvn", "2"), ("nin", "7"))),
        ],
        act=acts(),
    )

    assert first != second
    assert second == again
    assert queries.party_page(second.pk).identifiers == (("bvn", "2"), ("nin", "7"))


@pytest.mark.django_db
def test_a_party_found_by_name_learns_its_number(acts: Acts) -> None:
    named = find_or_add_party(name="IDA", country="", kind="organisation", act=acts())
    numbered = find_or_add_party(
        name="IDA", country="", kind="organisation", identifiers=(("lei", "X"),), act=acts()
    )
    other_name = find_or_add_party(
        name="Intl. Development Association",
        country="",
        kind="organisation",
        identifiers=(("lei", "X"),),
        act=acts(),
    )

    assert named == numbered
    assert other_name.pk == named.pk


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("party", "refusal"),
    [
        (NewParty(name="  "), PartyNameMissing),
        (NewParty(name="A", kind="ghost"), PartyKindUnknown),
        (NewParty(name="A", country="ng"), CountryMalformed),
        (NewParty(name="A", country="NGA"), CountryMalformed),
    ],
)
def test_what_cannot_be_kept_is_refused_and_leaves_nothing(
    acts: Acts, party: NewParty, refusal: type[Refusal]
) -> None:
    with pytest.raises(refusal):
        find_or_add_parties(parties=[NewParty(name="Good"), party], act=acts())

    assert not Party.objects.exists()
    assert identity.audit_head().number == 0


@pytest.mark.django_db
def test_many_are_added_in_a_few_questions(
    acts: Acts, django_assert_max_num_queries: Callable[..., object]
) -> None:
    many = [
        NewParty(name=f"Client {n}", kind="person", identifiers=(("client", str(n)),))
        for n in range(5_000)
    ]
    begun = time.monotonic()
    added = find_or_add_parties(parties=many, act=acts())
    again = find_or_add_parties(parties=many, act=acts())

    assert added == again
    assert len({ref.pk for ref in added}) == 5_000
    assert PartyIdentifier.objects.count() == 5_000
    assert time.monotonic() - begun < 20


@pytest.mark.django_db
def test_names_and_choices(acts: Acts) -> None:
    refs = find_or_add_parties(
        parties=[NewParty(name="Ọmọ́lará Café"), NewParty(name="Cafe Lagos")], act=acts()
    )

    assert queries.party_names([refs[0].pk, refs[1].pk, 999_999]) == {
        refs[0].pk: "Ọmọ́lará Café",
        refs[1].pk: "Cafe Lagos",
    }
    assert [row.name for row in queries.party_choices("café", 10)] == ["Cafe Lagos", "Ọmọ́lará Café"]
    assert [row.name for row in queries.party_choices("CAFE omo", 10)] == ["Ọmọ́lará Café"]
    assert len(queries.party_choices("", 1)) == 1
