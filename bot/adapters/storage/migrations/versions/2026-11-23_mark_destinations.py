"""Mark destinations that take nothing any more, so that they are not tried until somebody has mended them."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "shut_destinations",
        sa.Column("workspace", sa.String(), nullable=False),
        sa.Column("destination", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("workspace", "destination"),
    )


def downgrade() -> None:
    op.drop_table("shut_destinations")
