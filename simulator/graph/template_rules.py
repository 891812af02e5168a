"""What Meta accepts as a new template: name, lengths, variables, buttons.

Source: Cloud API, template components and the template error subcodes.
"""

import re
from itertools import pairwise
from typing import Any

from simulator.graph import errors
from simulator.graph.filling import VARIABLE

NAME = re.compile(r"[a-z0-9_]{1,512}")
LANGUAGE = re.compile(r"[a-z]{2,3}(_[A-Z]{2,3})?")
CATEGORIES = ("AUTHENTICATION", "MARKETING", "UTILITY")
LONGEST = {"header": 60, "body": 1024, "footer": 60}
SUBCODES = {"header": 2388047, "body": 2388072, "footer": 2388073}
BUTTONS_MOST, URLS_MOST, BUTTON_TEXT, URL_LONGEST = 10, 2, 25, 2000
TOO_LONG, AT_THE_EDGE, TOO_MANY = 2388040, 2388299, 2388293
WORDS_PER_VARIABLE = 2  # Meta's own figure is not published


def refusal(subcode: int, title: str, message: str = "") -> errors.GraphError:
    """(#100) with a subcode and the two texts that staff should be shown."""
    return errors.GraphError(
        "Invalid parameter",
        code=100,
        subcode=subcode,
        more={
            "is_transient": False,
            "error_user_title": title,
            "error_user_msg": message or title,
        },
    )


def checked(body: dict[str, Any]) -> dict[str, Any]:
    """Name, language, category, components and parameter format, ready for the row.

    Raises: GraphError with Meta's subcode for the first rule that is broken.
    """
    name, language = str(body.get("name") or ""), str(body.get("language") or "")
    category = str(body.get("category") or "").upper()
    if not NAME.fullmatch(name):
        raise errors.parameter(
            "Param name must be at most 512 characters: lowercase letters, digits, underscores."
        )
    if not LANGUAGE.fullmatch(language):
        raise errors.parameter(f"Param language has an unknown value {language!r}.")
    if category not in CATEGORIES:
        raise errors.parameter(f"Param category must be one of {{{', '.join(CATEGORIES)}}}.")
    components = body.get("components")
    if not isinstance(components, list) or not all(isinstance(one, dict) for one in components):
        raise errors.required("components")
    form = str(body.get("parameter_format") or "POSITIONAL").upper()
    _check_components(components, form)
    return {
        "name": name,
        "language": language,
        "category": category,
        "components": components,
        "parameter_format": form,
    }


def _check_components(components: list[dict[str, Any]], form: str) -> None:
    kinds = [str(one.get("type", "")).lower() for one in components]
    if "body" not in kinds:
        raise refusal(SUBCODES["body"], "A template needs a body")
    for kind, one in zip(kinds, components, strict=True):
        if kind == "buttons":
            _check_buttons(one.get("buttons"))
        elif kind in LONGEST and str(one.get("format", "TEXT")).upper() == "TEXT":
            _check_text(kind, one, form)


def _check_text(kind: str, part: dict[str, Any], form: str) -> None:
    text = str(part.get("text") or "")
    if not text:
        raise refusal(SUBCODES[kind], f"The {kind} has no text")
    if len(text) > LONGEST[kind]:
        raise refusal(
            TOO_LONG, "The text is too long", f"{kind}: at most {LONGEST[kind]} characters"
        )
    names = list(dict.fromkeys(VARIABLE.findall(text)))
    if not names:
        return
    _check_variables(kind, text, names, form)
    if not _examples(kind, part.get("example"), form, len(names)):
        raise refusal(SUBCODES[kind], f"The {kind} needs an example for each variable")


def _check_variables(kind: str, text: str, names: list[str], form: str) -> None:
    if kind == "footer" or (kind == "header" and len(names) > 1):
        raise refusal(SUBCODES[kind], f"The {kind} has too many variables")
    wanted = [str(number) for number in range(1, len(names) + 1)]
    if form == "POSITIONAL" and sorted(names, key=len) != wanted:
        raise refusal(SUBCODES[kind], "Variables are numbered from {{1}} without a gap")
    if form == "NAMED" and not all(re.fullmatch(r"[a-z][a-z0-9_]*", name) for name in names):
        raise refusal(
            SUBCODES[kind], "Variable names are lowercase letters, digits and underscores"
        )
    if kind == "body" and (text.startswith("{{") or text.rstrip().endswith("}}")):
        raise refusal(AT_THE_EDGE, "Variables cannot stand at the start or end of the template")
    if kind == "body" and len(VARIABLE.sub("", text).split()) < WORDS_PER_VARIABLE * len(names):
        raise refusal(TOO_MANY, "This template has too many variables for its length")


def _examples(kind: str, example: Any, form: str, wanted: int) -> bool:
    given = example if isinstance(example, dict) else {}
    if form == "NAMED":
        return len(given.get(f"{kind}_text_named_params") or []) == wanted
    values = given.get(f"{kind}_text") or []
    if kind == "body":
        values = values[0] if values and isinstance(values[0], list) else []
    return len(values) == wanted


def _check_buttons(buttons: Any) -> None:
    if not isinstance(buttons, list) or not 1 <= len(buttons) <= BUTTONS_MOST:
        raise errors.parameter(f"A template has from 1 to {BUTTONS_MOST} buttons.")
    kinds = [str(one.get("type", "")).upper() for one in buttons]
    if (
        kinds.count("URL") > URLS_MOST
        or kinds.count("PHONE_NUMBER") > 1
        or kinds.count("COPY_CODE") > 1
    ):
        raise errors.parameter("Too many buttons of one kind.")
    quick = [kind == "QUICK_REPLY" for kind in kinds]
    if sum(1 for one, following in pairwise(quick) if one != following) > 1:
        raise errors.parameter("Quick reply buttons must stand together.")
    for one in buttons:
        if (
            len(str(one.get("text", ""))) > BUTTON_TEXT
            or len(str(one.get("url", ""))) > URL_LONGEST
        ):
            raise refusal(TOO_LONG, "A button's text or address is too long")
        if "{{" in str(one.get("url", "")).rsplit("{{1}}", 1)[0]:
            raise errors.parameter("A button's address has its variable at the very end.")
