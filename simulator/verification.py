"""Meta's GET to a webhook address when it is set up: does whoever answers know the verify token?"""

import logging
import secrets
import time

import requests

from simulator import configuration

logger = logging.getLogger(__name__)

LONGEST_GAP_SECONDS = 30
TIMEOUT_SECONDS = 10


def verify(url: str, token: str) -> str:
    """`""` when the address gave back the bare challenge with 200, else why it was not accepted."""
    challenge = str(secrets.randbelow(10**10))
    asked = {"hub.mode": "subscribe", "hub.verify_token": token, "hub.challenge": challenge}
    with requests.Session() as session:
        session.trust_env = False
        try:
            answer = session.get(url, params=asked, timeout=TIMEOUT_SECONDS, allow_redirects=False)
        except requests.RequestException as problem:
            return type(problem).__name__
    if answer.status_code != 200:
        return f"HTTP {answer.status_code}"
    return "" if answer.text == challenge else "it did not answer with the bare challenge"


def until_verified() -> None:
    """Ask until the console is up. Events are sent meanwhile, as to an address verified before."""
    told = configuration.current()
    gap = 0.5
    while problem := verify(told.webhook_url, told.verify_token):
        logger.info("The webhook is not verified yet: %s", problem)
        time.sleep(gap)
        gap = min(gap * 2, LONGEST_GAP_SECONDS)
    logger.info("The webhook is verified.")
