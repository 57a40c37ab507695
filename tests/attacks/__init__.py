"""Thirty-odd attacks on a running instance, each with the answer that is expected.

    python -m tests.attacks http://127.0.0.1:8501

They make accounts with addresses under `attacks.invalid` and lock some of them; they harm nothing
else. Run them against an instance of your own only.
"""
