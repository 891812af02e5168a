"""The webhook's signature: what Meta signs passes, everything else does not."""

import pytest

from conversations.whatsapp import signature

BODY = rb'{"object":"whatsapp_business_account","name":"Thandi \u00e9\/"}'
SECRET = "an-app-secret"


def test_it_accepts_what_was_signed_with_the_secret() -> None:
    assert signature.is_valid(BODY, signature.sign(BODY, SECRET), SECRET)


def test_it_signs_as_rfc_4231_says() -> None:
    """HMAC-SHA256, test case 2 of RFC 4231."""
    expected = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    assert signature.sign(b"what do ya want for nothing?", "Jefe") == f"sha256={expected}"


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "sha256=",
        "sha256=00",
        "sha1=" + signature.sign(BODY, SECRET)[7:],
        signature.sign(BODY, SECRET)[7:],
        signature.sign(BODY, "another-secret"),
        signature.sign(BODY + b" ", SECRET),
        signature.sign(BODY, SECRET) + "0",
        "sha256=ünïcode",
        "sha256=\ud800",
        "\x00" * 5000,
    ],
)
def test_it_refuses_every_other_header(header: str | None) -> None:
    assert not signature.is_valid(BODY, header, SECRET)


def test_it_refuses_everything_while_there_is_no_secret() -> None:
    assert not signature.is_valid(BODY, signature.sign(BODY, ""), "")


def test_it_takes_a_secret_that_is_not_ascii() -> None:
    assert signature.is_valid(BODY, signature.sign(BODY, "sécret"), "sécret")
