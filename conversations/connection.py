"""The Cloud API as the settings say it is reached, with one pooled session per thread."""

import threading

from django.conf import settings

from conversations.whatsapp.client import TIMEOUT_SECONDS, CloudApi, new_session

_own = threading.local()


def api(phone_number_id: str, *, timeout: tuple[float, float] = TIMEOUT_SECONDS) -> CloudApi:
    """The Cloud API for one of our numbers; connections are kept open between calls.

    `timeout`: seconds to connect, and between two bytes of an answer.
    """
    if not hasattr(_own, "session"):
        _own.session = new_session(1)
    return CloudApi(
        settings.GRAPH_API_URL,
        settings.GRAPH_API_VERSION,
        settings.WHATSAPP_TOKEN,
        phone_number_id,
        timeout=timeout,
        session=_own.session,
    )
