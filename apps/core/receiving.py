"""Files on their way in: larger than any file may be, a file is read to its end and not kept."""

from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler


class BoundedUploadHandler(FileUploadHandler):
    """Hands on as many bytes of a file as may be kept and one more: enough to see that it is too large.

    The rest is read and dropped. A connection cut in the middle would leave the browser without the page that says
    what is wrong, and the person without what was typed beside the file.
    """

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.room = settings.UPLOAD_MAX_BYTES + 1

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        part = raw_data[: self.room]
        self.room -= len(part)
        return part or None

    def file_complete(self, file_size: int) -> None:
        return None
