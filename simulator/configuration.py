"""What one simulator process was told at its start: addresses, secrets, ids.

The command writes it into the environment as SIMULATOR_*, the granian worker reads it back here.
"""

import os
from dataclasses import asdict, dataclass, fields
from functools import cache
from typing import Self

PREFIX = "SIMULATOR_"


@dataclass(frozen=True)
class Configuration:
    """All text, as it stands in the environment. The defaults fit the demo."""

    bind: str = "127.0.0.1:8001"
    webhook_url: str = "http://127.0.0.1:8000/webhooks/whatsapp/"
    verify_token: str = "demo-verify-token"  # noqa: S105 - the demo's own, known to everybody
    app_secret: str = "demo-app-secret"  # noqa: S105 - likewise
    token: str = "demo-token"  # noqa: S105 - likewise
    phone_number_id: str = "100000000000001"
    waba_id: str = "200000000000001"
    display_phone_number: str = "27875500100"
    business_name: str = "Our business"
    console_clock_url: str = "http://127.0.0.1:8000/dev/clock/"
    console_clock_token: str = "demo-clock-token"  # noqa: S105 - likewise

    @classmethod
    def from_environment(cls) -> Self:
        """Each field from SIMULATOR_<FIELD>; one that is unset keeps its default."""
        names = (field.name for field in fields(cls))
        given = {name: os.environ.get(PREFIX + name.upper()) for name in names}
        return cls(**{name: value for name, value in given.items() if value is not None})

    def as_environment(self) -> dict[str, str]:
        """The same, as variables for the worker process."""
        return {PREFIX + name.upper(): value for name, value in asdict(self).items()}

    @property
    def host(self) -> str:
        """The address part of `bind`, without the brackets of an IPv6 address."""
        return self.bind.rpartition(":")[0].strip("[]")

    @property
    def port(self) -> int:
        """The port part of `bind`. Raises: ValueError where it is no number."""
        return int(self.bind.rpartition(":")[2])


@cache
def current() -> Configuration:
    """The configuration of this process, read once."""
    return Configuration.from_environment()
