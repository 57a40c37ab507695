"""Coverage-guided fuzzing of everything that reads what people send.

    python -m tests.fuzz import 100000        # a target, and how many inputs

It needs atheris (Linux on x86_64). An input that breaks a target is written to test-results/.
"""
