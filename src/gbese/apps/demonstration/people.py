"""Invented names: people, businesses, and the banks that lend to the company."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from gbese.apps.parties.services import NewParty

COMPANY = "Ìrètí Trade and Finance"
SCHEME = "demonstration"  # the register in which these parties have numbers

_GIVEN_NG = (
    "Adébáyọ̀",
    "Bọ́lá",
    "Chidi",
    "Dàpọ̀",
    "Ebun",
    "Fọlákẹ́",
    "Gbénga",
    "Halima",
    "Ifẹ́",
    "Jídé",
    "Kẹ́hìndé",
    "Lọlá",
    "Musa",
    "Ngozi",
    "Ọlá",
    "Peju",
    "Rótìmí",
    "Sadiya",
    "Táíwò",
    "Uche",
    "Wálé",
    "Yẹmí",
    "Zainab",
    "Abíọ́dún",
    "Títílayọ̀",
)
_FAMILY_NG = (
    "Adéyẹmí",
    "Bákàrè",
    "Chukwu",
    "Dàda",
    "Ekpo",
    "Fáṣọlá",
    "Garba",
    "Hassan",
    "Ìdòwú",
    "Jìmọ́",
    "Kúyẹ̀",
    "Lawal",
    "Mbah",
    "Nwosu",
    "Ògúnlẹ́yẹ",
    "Olúwọlé",
    "Pópóọlá",
    "Raji",
    "Ṣónúgà",
    "Túndé",
    "Usman",
    "Wíllọ̀",
    "Yusuf",
)
_GIVEN_KZ = (
    "Aigerim",
    "Bolat",
    "Dana",
    "Erlan",
    "Gulnar",
    "Kairat",
    "Madina",
    "Nurlan",
    "Saule",
    "Timur",
    "Zhanar",
    "Yerbol",
)
_FAMILY_KZ = (
    "Akhmetov",
    "Bekov",
    "Dzhaksybek",
    "Esen",
    "Iskakov",
    "Kasym",
    "Omarov",
    "Sadyk",
    "Tulegen",
    "Zhumabay",
)
_TRADES = (
    "Bakery",
    "Cold-Store",
    "Farms",
    "Garments",
    "Hardware",
    "Logistics",
    "Mills",
    "Motors",
    "Pharmacy",
    "Poultry",
    "Printing",
    "Stationers",
    "Timber",
    "Transport",
    "Water",
    "Works",
)
_BANKS = (
    ("Ọ̀yọ́ Merchant Bank", "NG"),
    ("Lagoon Development Bank", "NG"),
    ("Savanna Microcredit Fund", "NG"),
    ("Harmattan Bank", "NG"),
    ("Kòkó Co-operative", "NG"),
    ("Steppe Bank", "KZ"),
    ("Altyn Leasing", "KZ"),
    ("Meridian Trade Finance", "GB"),
    ("Atlantic Export Credit", "US"),
    ("Founders' Loan Account", "NG"),
)


@dataclass(frozen=True, slots=True)
class Cast:
    """Who appears: the company itself, those it owes, those who owe it."""

    company: NewParty
    banks: tuple[NewParty, ...]
    clients: tuple[NewParty, ...]

    def everybody(self) -> tuple[NewParty, ...]:
        """All of them, the company first."""
        return (self.company, *self.banks, *self.clients)


def cast(chance: Random, *, clients: int) -> Cast:
    """The company, its banks, and so many clients; about one in five is a business."""
    made = _clients(chance)
    return Cast(
        company=_party("company", COMPANY, "organisation", "NG"),
        banks=tuple(
            _party(f"bank-{place}", name, "organisation", country)
            for place, (name, country) in enumerate(_BANKS, start=1)
        ),
        clients=tuple(next(made) for _ in range(clients)),
    )


def _clients(chance: Random) -> Iterator[NewParty]:
    number = 0
    while True:
        number += 1
        is_kazakh = number % 6 == 0
        given = chance.choice(_GIVEN_KZ if is_kazakh else _GIVEN_NG)
        family = chance.choice(_FAMILY_KZ if is_kazakh else _FAMILY_NG)
        country = "KZ" if is_kazakh else "NG"
        if number % 5 == 0:
            name = f"{family} {chance.choice(_TRADES)} {number:03d}"
            yield _party(f"client-{number}", name, "organisation", country)
        else:
            yield _party(f"client-{number}", f"{given} {family}", "person", country)


def _party(number: str, name: str, kind: str, country: str) -> NewParty:
    return NewParty(name=name, kind=kind, country=country, identifiers=((SCHEME, number),))
