"""Results of evaluations, the baselines of a model, and an index on new ratings."""

from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Apply this revision."""
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

        -- Separate from the artefact, because serving never reads it.
        ALTER TABLE model_versions ADD COLUMN peers bytea;

        -- For counting the ratings that are newer than the model.
        CREATE INDEX ratings_own_by_time ON ratings (rated_at) WHERE is_own;
        """
    )


def downgrade() -> None:
    """Revert this revision."""
    op.execute(
        """
        DROP INDEX ratings_own_by_time;
        ALTER TABLE model_versions DROP COLUMN peers;
        DROP TABLE evaluations;
        """
    )
