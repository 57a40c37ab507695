"""The language that somebody reads the pages in."""

from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """What this revision adds."""
    op.execute("ALTER TABLE users ADD COLUMN language text CHECK (language IN ('en', 'ru'))")


def downgrade() -> None:
    """The way back."""
    op.execute("ALTER TABLE users DROP COLUMN language")
