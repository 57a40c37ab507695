"""Fitting a model, keeping it, and deciding when to train again."""
