"""The frame's style is on every page of the admin, the inbox too: it names nothing of the inbox."""

import re
from pathlib import Path

STATIC = Path(__file__).resolve().parents[2] / "static"
CLASS = re.compile(r"\.(wa-[\w-]+)")


def classes(*files: Path) -> set[str]:
    return {name for file in files for name in CLASS.findall(file.read_text())}


def test_the_frame_styles_no_part_of_the_inbox() -> None:
    ours = classes(*(STATIC / "conversations").glob("*.css"))
    assert "wa-acts" in ours
    assert classes(STATIC / "waconsole" / "admin.css") & ours == set()
