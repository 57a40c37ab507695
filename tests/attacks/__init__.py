"""Attacks on a running instance, each with the expected response.

    python -m tests.attacks http://127.0.0.1:8501

They create accounts with emails under `attacks.invalid` and lock some of them; they harm nothing
else. Only run them against your own instance.
"""
