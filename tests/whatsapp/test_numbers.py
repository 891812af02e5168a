"""One telephone under two WhatsApp ids: Brazil, Mexico, Argentina."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations.whatsapp.numbers import wa_id_variants


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("5541998765432", "554198765432"),  # Curitiba
        ("5511987654321", "551187654321"),  # São Paulo
        ("5561961234567", "556161234567"),  # Brasília
        ("5215512345678", "525512345678"),  # Mexico City
        ("5218112345678", "528112345678"),  # Monterrey
        ("5491123456789", "541123456789"),  # Buenos Aires
        ("5493514567890", "543514567890"),  # Córdoba
    ],
)
def test_both_forms_find_each_other(one: str, other: str) -> None:
    """Source: numbering plans; pairs as reported for Cloud API integrations, digits changed."""
    assert wa_id_variants(one) == (one, other)
    assert wa_id_variants(other) == (other, one)


@pytest.mark.parametrize(
    "wa_id",
    [
        "27821234567",  # South Africa
        "14155550123",  # USA
        "551132345678",  # a Brazilian landline has no 9
        "5511932345678",  # and what would be one without its 9 is not the same telephone
        "52551234567",  # too short
        "54911234567890",  # too long
        "5508987654321",  # no such Brazilian area
        "",
        "ZA.13491208655302741918",
        "٥٤٩١١٢٣٤٥٦٧٨٩",
    ],
)
def test_every_other_id_has_one_form(wa_id: str) -> None:
    assert wa_id_variants(wa_id) == (wa_id,)


@given(st.from_regex(r"(55|52|54)\d{9,12}", fullmatch=True))
def test_forms_come_in_pairs(wa_id: str) -> None:
    for variant in wa_id_variants(wa_id):
        assert set(wa_id_variants(variant)) == set(wa_id_variants(wa_id))
