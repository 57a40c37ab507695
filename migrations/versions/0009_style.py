"""The style of list that somebody has chosen."""

from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """What this revision adds."""
    op.execute(
        "ALTER TABLE users ADD COLUMN style text "
        "CHECK (style IN ('popular', 'balanced', 'adventurous'))"
    )


def downgrade() -> None:
    """The way back."""
    op.execute("ALTER TABLE users DROP COLUMN style")
