"""The application a web server calls."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

SERVER = "GBESE_SERVER_PROCESS"

_LOOK_SECONDS = 1.0
_GRACE_SECONDS = 10.0


def _end_with(server: int) -> None:
    """End this worker when the server that started it was killed, so that its port is free."""
    while os.getppid() == server:
        time.sleep(_LOOK_SECONDS)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(_GRACE_SECONDS)
    os._exit(1)


if sys.platform != "win32" and os.environ.get(SERVER) == str(os.getppid()):
    threading.Thread(target=_end_with, args=[os.getppid()], daemon=True).start()

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gbese.config.settings")
application = get_wsgi_application()
_ = get_resolver().url_patterns  # read now, not while the first person waits
