"""Connections to PostgreSQL and Redis, migrations, and their errors."""
