"""One question to the portal's own page over HTTP, as a visitor asks it. Nothing is written here."""

import urllib.error
import urllib.request
from urllib.parse import urlsplit

TIMEOUT = 10.0  # seconds: a page that takes longer is no answer


def ask(page: str, *, site: str, timeout: float = TIMEOUT) -> tuple[bool, str]:
    """(answered, detail): whether `page` was answered with 200, and the status or what kept the answer away.

    `site` is the public address: a probe that asks a web node directly still names the host of the portal.
    """
    named = urlsplit(site)
    request = urllib.request.Request(
        page, headers={"Host": named.netloc, "X-Forwarded-Proto": named.scheme, "User-Agent": "heartbeat"}
    )
    try:
        with urllib.request.urlopen(request, timeout=timeout) as answer:
            answer.read(65536)
            return answer.status == 200, str(answer.status)
    except urllib.error.HTTPError as refused:
        return False, str(refused.code)
    except (OSError, ValueError) as away:
        reason = getattr(away, "reason", away)
        return False, type(reason).__name__
