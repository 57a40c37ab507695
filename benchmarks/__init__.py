"""Benchmarks against other software, in one run on one machine; `make bench` prints a table."""
