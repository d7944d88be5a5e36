"""check_files: can this host store and read files, does nobody else, and which seal does it have? One JSON object.

Exit: 0 all is well · 1 it is not. Several hosts are one portal when they answer with the same bucket and the same CA.
"""

import hashlib
import json
import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from apps.documents import signing, storages


class Command(BaseCommand):
    help = "Write, read and remove a small file in the store. Exit: 0 works and is private, 1 not."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        ca = signing.ca_pem()
        answer: dict[str, Any] = {
            "ok": False,
            "bucket": settings.STORAGES["default"]["OPTIONS"].get("bucket_name"),
            "ca_sha256": hashlib.sha256(ca).hexdigest() if ca else None,
        }
        try:
            answer |= storages.try_out()
            answer["ok"] = answer["private"] and bool(ca or not settings.FILES_IN_BUCKET)
        except OSError as problem:
            answer["message"] = str(problem)
        self.stdout.write(json.dumps(answer, ensure_ascii=False))
        self.stdout.flush()
        sys.exit(0 if answer["ok"] else 1)
