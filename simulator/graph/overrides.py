"""A webhook address of an account's or a number's own, instead of the app's."""

from simulator import verification
from simulator.graph import errors

OVERRIDE_LONGEST = 200


def check(url: str, token: str) -> None:
    """The address is short enough and answers the challenge. Raises: GraphError."""
    if len(url) > OVERRIDE_LONGEST:
        raise errors.parameter(
            f"Param override_callback_uri must be at most {OVERRIDE_LONGEST} characters long."
        )
    if not token:
        raise errors.required("verify_token")
    problem = verification.verify(url, token)
    if problem:
        raise errors.GraphError(
            "(#2200) Callback verification failed with the following errors: " + problem, code=2200
        )
