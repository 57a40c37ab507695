"""What Docker asks: does the app answer, and can it write where it has to?"""

import os
import sys
from urllib.request import urlopen

port = os.environ.get("PORT") or "8501"
if urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=4).read() != b"ok":
    sys.exit("the app doesn't answer")
folder = os.environ["DATA_DIR"]
is_needed = not (os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL"))
if is_needed and not os.access(folder, os.W_OK | os.X_OK):
    sys.exit(f"DATA_DIR {folder} can't be written by user {os.geteuid()}")
