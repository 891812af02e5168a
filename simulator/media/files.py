"""Media rows and the bytes behind them, and download URLs that die after five minutes.

The bytes lie in a folder of the simulator's own, under names that cannot be guessed.
Source: Cloud API, media reference: uploads are kept 30 days, customers' files 7, URLs 5 minutes.
"""

import base64
import hashlib
import hmac
import secrets
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings

from simulator import clock, ids
from simulator.models import Media, Number

UPLOADS_LIVE = timedelta(days=30)
CUSTOMERS_FILES_LIVE = timedelta(days=7)
URL_LIVES_SECONDS = 300
DOWNLOAD_PATH = "/whatsapp_business/attachments/"


def folder() -> Path:
    """Where the bytes lie; made at the first use."""
    path = Path(settings.DATA_DIR) / "simulator-media"
    path.mkdir(parents=True, exist_ok=True)
    return path


def keep(
    number: Number,
    content: bytes,
    *,
    mime_type: str,
    file_name: str = "",
    lives: timedelta = UPLOADS_LIVE,
) -> Media:
    """The file is Meta's now, for as long as it `lives` by the simulated clock."""
    stored_as = secrets.token_urlsafe(24)
    (folder() / stored_as).write_bytes(content)
    return Media.objects.create(
        media_id=ids.numeric(),
        number=number,
        mime_type=mime_type,
        sha256=hashlib.sha256(content).hexdigest(),
        file_size=len(content),
        file_name=file_name[:255],
        stored_as=stored_as,
        kept_until=clock.now() + lives,
    )


def content_of(media: Media) -> bytes:
    """The bytes. Raises: FileNotFoundError when somebody emptied the folder."""
    return (folder() / media.stored_as).read_bytes()


def drop(media: Media) -> None:
    """Row and bytes are gone."""
    media.delete()
    (folder() / media.stored_as).unlink(missing_ok=True)


def find(media_id: str) -> Media | None:
    """The media with this id, unless its time is over."""
    return (
        Media.objects.select_related("number")
        .filter(media_id=media_id, kept_until__gt=clock.now())
        .first()
    )


def download_url(media: Media, root: str) -> str:
    """An address below `root` that is good for five minutes, and only with the bearer."""
    ends = int(clock.now().timestamp()) + URL_LIVES_SECONDS
    return f"{root}{DOWNLOAD_PATH}?mid={media.media_id}&ext={ends}&hash={_seal(media, ends)}"


def may_download(media: Media, ends: str, seal: str) -> bool:
    """Is this the address that `download_url` gave, and is it still alive?"""
    if not ends.isdigit() or int(ends) < clock.now().timestamp():
        return False
    return hmac.compare_digest(seal, _seal(media, int(ends)))


def on_the_wire(media: Media, root: str) -> dict[str, Any]:
    """The media object of a customer's message: id, type, digest and a short-lived URL."""
    digest = base64.b64encode(bytes.fromhex(media.sha256)).decode()
    return {
        "mime_type": media.mime_type,
        "sha256": digest,
        "id": media.media_id,
        "url": download_url(media, root),
    }


def _seal(media: Media, ends: int) -> str:
    text = f"{media.media_id}.{ends}.{media.stored_as}".encode()
    return hmac.new(str(settings.SECRET_KEY).encode(), text, hashlib.sha256).hexdigest()[:40]
