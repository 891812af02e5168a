"""Files: fetched from WhatsApp as they come, uploaded to it before they go, shown to staff.

Dispatch wakes what is due, the jobs come in with `fetch` and `upload`, the composer with `attach`,
the inbox with `open_file`. A file's row says where it is; files lie in Django's default storage.
"""

from conversations.media.attaching import FileRefused, attach, content_of, send_again
from conversations.media.fetching import fetch
from conversations.media.serving import serve
from conversations.media.showing import OpenFile, filename_of, open_file, shape_of
from conversations.media.uploading import renew, upload
from conversations.media.uploads import forget_uploads, reopened, take_in
from conversations.media.waking import JOB_SECONDS, wake_due

__all__ = [
    "JOB_SECONDS",
    "FileRefused",
    "OpenFile",
    "attach",
    "content_of",
    "fetch",
    "filename_of",
    "forget_uploads",
    "open_file",
    "renew",
    "reopened",
    "send_again",
    "serve",
    "shape_of",
    "take_in",
    "upload",
    "wake_due",
]
