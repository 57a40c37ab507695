"""Serving recommendations: the active model, histories, the cache, guests and events."""
