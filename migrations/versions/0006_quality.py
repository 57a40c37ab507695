"""What evaluations found, the peers that analysts compare with, and how new the ratings are."""

from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """What this revision adds."""
    op.execute(
        """
        CREATE TABLE evaluations (
            id integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
            evaluated_at timestamptz NOT NULL DEFAULT now(),
            source text NOT NULL,
            model_version integer REFERENCES model_versions ON DELETE SET NULL,
            split text NOT NULL,
            results jsonb NOT NULL
        );
        CREATE INDEX evaluations_of_split ON evaluations (source, split, id DESC);

        -- Kept apart from the artefact: whoever serves never reads it.
        ALTER TABLE model_versions ADD COLUMN peers bytea;

        -- How many ratings are newer than the model, however many there are in all.
        CREATE INDEX ratings_own_by_time ON ratings (rated_at) WHERE is_own;
        """
    )


def downgrade() -> None:
    """The way back."""
    op.execute(
        """
        DROP INDEX ratings_own_by_time;
        ALTER TABLE model_versions DROP COLUMN peers;
        DROP TABLE evaluations;
        """
    )
