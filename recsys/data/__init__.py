"""What models learn from: checked ratings and films, features, genres, metrics."""
