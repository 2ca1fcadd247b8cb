"""What somebody is called: by their given name, never by a title, a label or a handle (W4)."""

from __future__ import annotations

import pytest

from bot.domain.mention import Author
from bot.domain.names import greeting_name


@pytest.mark.parametrize(("shown", "called"), [
    ("Ada Park", "Ada"), ("Dr. Ada Park", "Ada"), ("José da Silva", "José"), ("Dona Lourdes", "Lourdes"),
    ("Frau Anneliese Weiß", "Anneliese"), ("Prof. Dr. Jörg Bühler", "Jörg"), ("Mme Chloé Lefèvre", "Chloé"),
    ("Sig.ra Nicolò Conti", "Nicolò"), ("Dott. Luca D'Angelo", "Luca"),
    ("Sra. Conceição", "Conceição"), ("Ķirsis Āboliņš", "Ķirsis"), ("Žanete", "Žanete"),
    ("Bapak Budi Santoso", "Budi"), ("Mbak Sari", "Sari"), ("Hj. Siti", "Siti"),
])  # fmt: skip
def test_a_person_is_called_by_the_given_name_without_the_title(shown: str, called: str) -> None:
    assert greeting_name(Author(handle="someone", name=shown)) == called


@pytest.mark.parametrize("shown", [
    "Padaria Central", "Toko Roti Enak", "Maizes veikals", "Berita Pagi", "Conta oficial", "xX_ada_Xx",
    "Bäckerei Huber", "Boulangerie Martin", "Panificio Conti", "Page officielle",
    "ADA PARK", "Ada 🥐", "𝕬𝖉𝖆", "someone", "Dr.", "A",
])  # fmt: skip
def test_a_label_or_a_decoration_is_no_name(shown: str) -> None:
    assert greeting_name(Author(handle="someone", name=shown)) is None
