"""Keep dropped claims with their reasons: an insight's ledger holds both sides."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("insights", sa.Column("dropped", sa.Text(), nullable=False, server_default="[]"))


def downgrade() -> None:
    raise NotImplementedError("The reasons would be lost: restore a backup.")
