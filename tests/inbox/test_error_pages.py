"""What people read when a page is not theirs, not there, or broken: words, and a way back."""

import pytest
from django.template.loader import render_to_string

from tests import factories
from tests.inbox.pages import INBOX, signed_in

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        (INBOX, 403, "You may not see this"),
        ("/admin/nothing/of/the/kind/", 404, "There is nothing here"),
    ],
)
def test_a_refusal_is_said_in_words(path: str, status: int, words: str) -> None:
    response = signed_in(factories.bob()).get(path)
    assert response.status_code == status
    assert words in response.content.decode()
    assert 'href="/admin/"' in response.content.decode()


def test_the_page_for_faults_needs_nothing_that_may_be_broken() -> None:
    html = render_to_string("500.html")
    assert "Something went wrong here" in html
    assert "<script" not in html
    assert "src=" not in html
