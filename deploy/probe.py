"""Health check of a container: python deploy/probe.py PATH [PART]. Exit 0 when the web process says so.

With PART, that part of /readyz must be "ok" (relay, sweep): asked of the web container.
"""

import json
import os
import sys
import urllib.request
from urllib.parse import urlsplit

path, part = sys.argv[1], (sys.argv[2] if len(sys.argv) > 2 else "")
site = urlsplit(os.environ["SITE_URL"])
target = f"http://{'web' if part else '127.0.0.1'}:8000{path}"
request = urllib.request.Request(target, headers={"Host": site.netloc, "X-Forwarded-Proto": site.scheme})
with urllib.request.urlopen(request, timeout=4) as response:
    body = response.read()
if part and json.loads(body)[part] != "ok":
    sys.exit(f"{part}: {json.loads(body)[part]}")
