"""The number that the samples speak of is ours."""

import pytest

from conversations.models import PhoneNumber
from tests.factories import a_phone_number
from tests.intake import samples


@pytest.fixture(autouse=True)
def number(db: None) -> PhoneNumber:
    return a_phone_number(
        phone_number_id=samples.NUMBER,
        waba_id=samples.ACCOUNT,
        display_number="+27 21 555 0100",
    )
