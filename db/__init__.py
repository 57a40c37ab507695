"""PostgreSQL and Redis: connections, queries, loading. The only package that holds SQL."""
