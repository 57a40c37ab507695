"""Training: fitting and storing a model, and deciding when to train again."""
