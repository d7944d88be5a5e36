"""Settings of the tests: the same file with the switches a test needs, on real PostgreSQL and Redis."""

import atexit
import os
import shutil
import tempfile

os.environ.setdefault("PORTAL_TESTING", "1")
os.environ.setdefault("SECRET_KEY", "only-for-tests")
# Files and keys that a test makes go away with the run.
os.environ["PORTAL_VAR"] = tempfile.mkdtemp(prefix="portal-test-")
atexit.register(shutil.rmtree, os.environ["PORTAL_VAR"], ignore_errors=True)

from .settings import *  # noqa: E402,F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# script/test gives every run its own database, so that two runs do not meet.
DATABASES["default"]["TEST"] = {"NAME": os.environ.get("PORTAL_TEST_DATABASE", "test_portal")}  # noqa: F405
DATABASES["default"]["CONN_MAX_AGE"] = 0  # noqa: F405
# Served from the folders of the checkout; whitenoise only wants to see the folder.
STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # noqa: F405
