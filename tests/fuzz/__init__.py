"""Coverage-guided fuzzing of everything that parses input from users.

    python -m tests.fuzz import 100000        # a target, and the number of inputs

It needs atheris (Linux on x86_64). Inputs that break a target are written to test-results/.
"""
