"""The style that a user has chosen."""

from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Apply this revision."""
    op.execute(
        "ALTER TABLE users ADD COLUMN style text "
        "CHECK (style IN ('popular', 'balanced', 'adventurous'))"
    )


def downgrade() -> None:
    """Revert this revision."""
    op.execute("ALTER TABLE users DROP COLUMN style")
