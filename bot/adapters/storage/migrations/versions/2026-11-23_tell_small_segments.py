"""Tell readers of small segments what else there was, and everybody what an earlier mail told wrongly."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("beyond", "corrections"):
        op.add_column("digests", sa.Column(name, sa.Text(), nullable=False, server_default="[]"))


def downgrade() -> None:
    raise NotImplementedError("What readers were told would be lost: restore a backup.")
