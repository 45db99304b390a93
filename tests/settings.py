"""The product's settings on a database of the tests' own; GBESE_TEST_DATABASE picks the engine.

Django reads its settings before any conftest.py, so the choice is made here. Processes started by
the tests inherit the environment, and with it the same choice.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

ENGINE = os.environ.setdefault("GBESE_TEST_DATABASE", "sqlite")
if ENGINE not in {"sqlite", "postgres"}:
    raise SystemExit(f"GBESE_TEST_DATABASE is {ENGINE}; it may be sqlite or postgres")

if "GBESE_TEST_DATA" not in os.environ:  # the first of our processes; its children share the folder
    os.environ["GBESE_TEST_DATA"] = tempfile.mkdtemp(prefix="gbese-tests-")
    atexit.register(shutil.rmtree, os.environ["GBESE_TEST_DATA"], ignore_errors=True)
TEST_DATA = Path(os.environ["GBESE_TEST_DATA"])
(TEST_DATA / "static").mkdir(exist_ok=True)

if ENGINE == "postgres" and "GBESE_TEST_POSTGRES" not in os.environ:
    from tests.servers import start_postgres

    server = start_postgres()
    os.environ["GBESE_TEST_POSTGRES"] = server.url
    os.environ["PATH"] = f"{server.bin}{os.pathsep}{os.environ['PATH']}"

for name in [name for name in os.environ if name.startswith("GBESE_")]:
    if not name.startswith(("GBESE_TEST_", "GBESE_SHARED")):
        del os.environ[name]  # a developer's own product is not the tests'
os.environ["GBESE_DATA"] = str(TEST_DATA)
if ENGINE == "postgres":
    os.environ["GBESE_DATABASE_URL"] = f"{os.environ['GBESE_TEST_POSTGRES']}/gbese"

from gbese.config.settings import *  # noqa: E402, F403
from gbese.config.settings import DATABASES  # noqa: E402

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # quick, and only for tests

if ENGINE == "sqlite":  # a file, as in the product; in memory there are other locks
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    DATABASES["default"]["TEST"] = {"NAME": str(TEST_DATA / f"test-{worker}.sqlite3")}
