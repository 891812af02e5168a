"""Log lines hold ids and causes, never what a customer wrote."""

import io
import logging
from collections.abc import Iterator

import pytest
from django.db import IntegrityError, transaction

from tests.factories import a_contact, a_thread, an_inbound
from waconsole.logs import WithoutRows

SECRET = "my card\nis 4111 1111).\nThanks"


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """What a logger of the console writes."""
    handler = logging.StreamHandler(io.StringIO())
    handler.setFormatter(WithoutRows("%(levelname)s %(message)s"))
    logger = logging.getLogger("tests.logs")
    logger.addHandler(handler)
    yield handler.stream
    logger.removeHandler(handler)


@pytest.mark.django_db
def test_a_refused_row_is_named_by_its_constraint_and_not_quoted(written: io.StringIO) -> None:
    thread = a_thread()
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        an_inbound(thread, SECRET, status="queued")
    logging.getLogger("tests.logs").error("event=7 failed", exc_info=refused.value)
    assert "event=7 failed" in written.getvalue()
    assert "violates check constraint" in written.getvalue()
    assert "4111" not in written.getvalue()
    assert "Thanks" not in written.getvalue()


@pytest.mark.django_db
def test_a_key_that_exists_already_is_not_quoted(written: io.StringIO) -> None:
    a_contact(wa_id="27821234567")
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        a_contact(wa_id="27821234567")
    logging.getLogger("tests.logs").error("%s", refused.value)
    assert "contact_wa_id" in written.getvalue()
    assert "27821234567" not in written.getvalue()
