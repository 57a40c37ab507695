"""Alembic's entry point; `db.connection.migrate` passes the connection with the advisory lock."""

from alembic import context

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=None,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
