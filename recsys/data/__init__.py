"""The input of models: validated ratings and films, features, genres, metrics."""
