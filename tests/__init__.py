"""Tests; the helpers here are used by the benchmarks too."""
