"""Connections to PostgreSQL and Redis, migrations, and what can go wrong with them."""
