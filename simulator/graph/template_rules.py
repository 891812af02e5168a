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
URL = re.compile(r"[^{]*(\{\{1\}\})?")
CATEGORIES = ("AUTHENTICATION", "MARKETING", "UTILITY")
LONGEST = {"header": 60, "body": 1024, "footer": 60}
SUBCODES = {"header": 2388047, "body": 2388072, "footer": 2388073}
BUTTONS_MOST, URLS_MOST, CODE_LONGEST = 10, 2, 15
BUTTON_LONGEST = {"text": 25, "phone_number": 20, "url": 2000}
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
    if re.search(r"\}\}\s*\{\{", text):
        raise refusal(SUBCODES[kind], "Variables cannot stand next to each other")
    if kind == "body" and (text.startswith("{{") or text.rstrip().endswith("}}")):
        raise refusal(AT_THE_EDGE, "Variables cannot stand at the start or end of the template")
    if kind == "body" and len(VARIABLE.sub("", text).split()) < WORDS_PER_VARIABLE * len(names):
        raise refusal(TOO_MANY, "This template has too many variables for its length")


def _examples(kind: str, example: Any, form: str, wanted: int) -> bool:
    given = example if isinstance(example, dict) else {}
    values = given.get(f"{kind}_text_named_params" if form == "NAMED" else f"{kind}_text")
    if form == "POSITIONAL" and kind == "body" and isinstance(values, list) and values:
        values = values[0]
    return isinstance(values, list) and len(values) == wanted


def _check_buttons(buttons: Any) -> None:
    if not isinstance(buttons, list) or not 1 <= len(buttons) <= BUTTONS_MOST:
        raise errors.parameter(f"A template has from 1 to {BUTTONS_MOST} buttons.")
    if not all(isinstance(one, dict) for one in buttons):
        raise errors.parameter("A button is an object.")
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
        for name, longest in BUTTON_LONGEST.items():
            if len(str(one.get(name, ""))) > longest:
                raise refusal(TOO_LONG, f"A button's {name} has at most {longest} characters")
        if str(one.get("type")).upper() == "COPY_CODE" and _code_is_too_long(one):
            raise refusal(TOO_LONG, f"A code to copy has at most {CODE_LONGEST} characters")
        if not URL.fullmatch(str(one.get("url", ""))):
            raise errors.parameter("A button's address has its variable at the very end.")


def _code_is_too_long(button: dict[str, Any]) -> bool:
    """The example is a text, or a list with one."""
    example = button.get("example")
    code = example[0] if isinstance(example, list) and example else example
    return len(str(code or "")) > CODE_LONGEST
