"""What `demo` says once everything answers: where the console and the phone are, who may log in."""

import threading
import time
from collections.abc import Callable

import requests
from django.conf import settings
from django.db import connection

from waconsole import demo_data

PATIENCE_SECONDS = 60.0


class Greeting(threading.Thread):
    """Waits beside the supervisor until console and simulator answer, then speaks once."""

    def __init__(
        self,
        console_url: str,
        simulator_url: str,
        logins: list[demo_data.Login],
        *,
        say: Callable[[str], None],
    ) -> None:
        super().__init__(name="greeting", daemon=True)
        self._console_url = console_url
        self._simulator_url = simulator_url
        self._logins = logins
        self._say = say

    def run(self) -> None:
        patience = time.monotonic() + PATIENCE_SECONDS
        while not self._is_ready():
            if time.monotonic() > patience:
                self._say("Not everything answers yet. If something is wrong, it stands above.")
                patience += PATIENCE_SECONDS
            time.sleep(0.2)
        self._tell_phones()
        self._say(self._words())

    def _is_ready(self) -> bool:
        return _answers(f"{self._console_url}/healthz") and _answers(self._simulator_url)

    def _tell_phones(self) -> None:
        try:
            demo_data.tell_phones(self._simulator_url)
        except requests.RequestException as error:
            self._say(f"The phones stay empty: {error}")
        finally:
            connection.close()

    def _words(self) -> str:
        logins = [
            f"    {login.username:<8}{login.password:<14}{login.group}" for login in self._logins
        ]
        thinking = "" if settings.ANTHROPIC_API_KEY else f"\n  {WITHOUT_A_KEY}\n"
        return WORDS.format(
            name=demo_data.BUSINESS_NAME,
            console=self._console_url,
            simulator=self._simulator_url,
            logins="\n".join(logins),
            thinking=thinking,
        )


WITHOUT_A_KEY = (
    "No ANTHROPIC_API_KEY is set: the assistant answers from menus and the business's data."
)
WORDS = """
  {name} is open.

    The console   {console}/     staff answer here
    The phone     {simulator}/     be a customer here

  Log in to the console as

{logins}
{thinking}
  Ctrl-C stops everything.
"""


def _answers(url: str) -> bool:
    with requests.Session() as session:
        session.trust_env = False  # no proxy stands between two processes of one machine
        try:
            return session.get(url, timeout=5).ok
        except requests.RequestException:
            return False
