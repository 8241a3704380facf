"""Tell digests of segments from those of routes, and since when a mail's recipient gets the list."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("digests", sa.Column("segment", sa.String(), nullable=False, server_default=""))
    op.add_column("deliveries", sa.Column("since", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    raise NotImplementedError("Segments would be taken for routes: restore a backup.")
