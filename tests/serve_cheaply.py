"""serve.py with passwords' hashes at a cost that a test can pay: a millisecond each.

Only the cost differs; what is hashed and compared is the same.
"""

import sys
from pathlib import Path

if __name__ == "__main__":
    sys.path[0] = str(Path(__file__).parent.parent)
    import serve
    from tests import hashes

    with hashes.of_cost(hashes.LEAST):
        serve.main()
