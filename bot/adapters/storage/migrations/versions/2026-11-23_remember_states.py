"""Remember where each event of a recap stood in its affair, and why."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name, default in (("state", "new"), ("state_reason", "")):
        op.add_column("recap_events", sa.Column(name, sa.String(), nullable=False, server_default=default))


def downgrade() -> None:
    raise NotImplementedError("What the new columns hold would be lost: restore a backup.")
