"""Run every attack on the instance at an address, and print the results."""

import sys

from tests.attacks.target import Target, attacks


def main() -> int:
    """Return 0 if every attack got the expected response."""
    if len(sys.argv) != 2 or not sys.argv[1].startswith("http"):
        sys.stderr.write("Usage: python -m tests.attacks http://127.0.0.1:8501\n")
        return 2
    target = Target(sys.argv[1].rstrip("/"))
    succeeded = 0
    for each in attacks():
        try:
            each.run(target)
            found = "held"
        except AssertionError as error:
            succeeded += 1
            found = f"SUCCEEDED: {error}"
        sys.stdout.write(f"{each.asvs:8} {each.what}: {found}\n")
    sys.stdout.write(f"{len(attacks())} attacks, {succeeded} succeeded\n")
    return 1 if succeeded else 0


if __name__ == "__main__":
    sys.exit(main())
