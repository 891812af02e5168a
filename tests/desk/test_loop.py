"""What the loop does for the desk, and the jobs that it and the acts queue by name."""

import re
from datetime import timedelta
from importlib import import_module
from pathlib import Path

import pytest
from django_q.models import OrmQ

from conversations import clock, dispatch, takeover
from conversations.models import MediaFile, Message, Thread, ThreadEvent
from tests.factories import a_thread, an_agent, an_inbound, an_outbound

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.django_db
def test_one_look_wakes_what_was_put_aside_and_brings_the_assistant_back() -> None:
    yesterday = clock.now() - timedelta(days=1)
    aside = a_thread(snoozed_until=yesterday)
    silent = a_thread(last_message_at=yesterday)
    takeover.take(silent, by=an_agent())
    ThreadEvent.objects.update(at=yesterday)
    dispatch.Dispatch().look()
    aside.refresh_from_db()
    silent.refresh_from_db()
    assert aside.snoozed_until is None
    assert silent.mode == Thread.Mode.BOT


@pytest.mark.django_db
def test_one_look_finds_files_that_are_due_and_those_that_meta_forgets() -> None:
    ago = clock.now() - timedelta(days=29)
    came = an_inbound(a_thread(), kind="image")
    MediaFile.objects.create(message=came, next_at=ago)
    image = {"type": "image", "image": {"id": "4711"}}
    goes = an_outbound(a_thread(), status=Message.Status.QUEUED, kind="image", content=image)
    given = {"state": "here", "file": "whatsapp/x", "media_id": "4711", "uploaded_at": ago}
    old = MediaFile.objects.create(message=goes, **given)
    dispatch.Dispatch().look()
    assert "conversations.jobs.fetch_media" in {row.task["func"] for row in OrmQ.objects.all()}
    old.refresh_from_db()
    assert old.state == MediaFile.State.WAITING


@pytest.mark.django_db
def test_the_figures_are_counted_by_the_queue_and_seldom() -> None:
    loop = dispatch.Dispatch()
    loop.look()
    loop.look()
    assert sorted(row.task["func"] for row in OrmQ.objects.all()) == [
        "billing.jobs.tend_imports",
        "conversations.jobs.count_lately",
    ]


def test_every_job_that_is_queued_by_name_exists() -> None:
    rooms = (ROOT / "conversations", ROOT / "billing", ROOT / "waconsole")
    sources = [path.read_text() for room in rooms for path in room.rglob("*.py")]
    paths = {path for source in sources for path in re.findall(r'"(\w+\.jobs\.\w+)"', source)}
    assert {"conversations.jobs.reply", "billing.jobs.tend_imports"} <= paths
    for path in paths:
        module, _, name = path.rpartition(".")
        assert callable(getattr(import_module(module), name))
