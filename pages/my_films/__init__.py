"""My films: ratings, watch later, a portrait, and imports."""
