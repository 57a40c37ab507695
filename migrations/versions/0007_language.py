"""The language in which a user reads the pages."""

from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Apply this revision."""
    op.execute("ALTER TABLE users ADD COLUMN language text CHECK (language IN ('en', 'ru'))")


def downgrade() -> None:
    """Revert this revision."""
    op.execute("ALTER TABLE users DROP COLUMN language")
