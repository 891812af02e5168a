"""What we send can be proven, by whoever has the secret and by nobody else."""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from conversations import outgoing
from conversations.outgoing import signing
from tests.outgoing.receiver import Receiver
from tests.outgoing.subscribing import a_subscription, announce, deliver

NOW = timezone.now()


def is_signed(receiver: Receiver, secret: str) -> bool:
    """As standardwebhooks.com says, written anew here."""
    request = receiver.requests[-1]
    head = f"{request.headers['webhook-id']}.{request.headers['webhook-timestamp']}."
    key = base64.b64decode(secret.removeprefix("whsec_"))
    digest = hmac.new(key, head.encode() + request.body, hashlib.sha256).digest()
    expected = f"v1,{base64.b64encode(digest).decode()}"
    return expected in request.headers["webhook-signature"].split(" ")


def test_a_known_secret_and_body_give_the_signature_of_the_standard() -> None:
    """Source: github.com/standard-webhooks, the specification's own example."""
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    signed = b'msg_p5jXN8AQM9LWM0D4loKWxJek.1614265330.{"test": 2432232314}'
    assert signing.signature(secret, signed) == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@pytest.mark.django_db(transaction=True)
def test_a_delivery_is_signed_with_the_secret_that_was_shown(receiver: Receiver) -> None:
    _, secret = outgoing.create(name="ERP", url=receiver.url)
    announce()
    deliver()
    assert is_signed(receiver, secret)
    assert receiver.requests[0].headers["webhook-id"] == "1"
    sent_at = int(receiver.requests[0].headers["webhook-timestamp"])
    assert abs(sent_at - timezone.now().timestamp()) < 60
    assert not is_signed(receiver, "whsec_" + base64.b64encode(b"another").decode())


@pytest.mark.django_db(transaction=True)
def test_for_a_day_after_a_rotation_both_secrets_prove_it(receiver: Receiver) -> None:
    subscription, former = outgoing.create(name="ERP", url=receiver.url)
    new = outgoing.rotate(subscription)
    assert new != former
    announce()
    deliver()
    assert is_signed(receiver, former)
    assert is_signed(receiver, new)
    subscription.refresh_from_db()
    subscription.former_secret_until = timezone.now() - timedelta(seconds=1)
    subscription.save(update_fields=["former_secret_until"])
    announce()
    deliver()
    assert not is_signed(receiver, former)
    assert is_signed(receiver, new)


@pytest.mark.django_db
def test_a_former_key_of_the_console_goes_on_signing_while_it_is_known(settings: Any) -> None:
    subscription = a_subscription("http://127.0.0.1:4000/")
    former = signing.headers(subscription, "1", b"{}", NOW)["webhook-signature"]
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another " * 8
    both = signing.headers(subscription, "1", b"{}", NOW)["webhook-signature"].split(" ")
    assert former in both
    assert len(both) == 2


@pytest.mark.django_db
def test_no_two_subscriptions_have_one_secret_and_no_row_holds_it() -> None:
    one, secret = outgoing.create(name="ERP", url="http://127.0.0.1:4000/")
    _, other = outgoing.create(name="ERP", url="http://127.0.0.1:4000/")
    assert secret != other
    assert secret.removeprefix("whsec_") not in str(vars(one))
    assert len(base64.b64decode(secret.removeprefix("whsec_"))) == 32
