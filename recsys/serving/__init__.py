"""Recommendations for people: the active model, their history, the cache, guests and events."""
