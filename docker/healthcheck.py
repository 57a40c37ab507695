"""Docker's health check: whether the app answers and can write to its data folder."""

import os
import sys
from http.client import HTTPConnection, HTTPException

app = HTTPConnection("127.0.0.1", int(os.environ.get("PORT") or 8501), timeout=4)
try:
    app.request("GET", "/_stcore/health")
    answer = app.getresponse().read()
except (OSError, HTTPException) as error:
    sys.exit(f"the app doesn't answer: {error}")
if answer != b"ok":
    sys.exit("the app answers, but doesn't report that it is healthy")
folder = os.environ["DATA_DIR"]
is_needed = not (os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL"))
if is_needed and not os.access(folder, os.W_OK | os.X_OK):
    sys.exit(f"user {os.geteuid()} can't write to DATA_DIR {folder}")
