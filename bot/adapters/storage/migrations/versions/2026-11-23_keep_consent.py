"""Keep consent, bounces, and what counts once only: people come and go by themselves."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("paused_until", "consented_at"):
        op.add_column("subscriptions", sa.Column(name, sa.DateTime(timezone=True), nullable=True))
    for name in ("consent_text", "consent_form", "left_reason"):
        op.add_column("subscriptions", sa.Column(name, sa.String(), nullable=False, server_default=""))
    op.create_table(
        "bounces",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("address_hash", sa.String(), nullable=False),
        sa.Column("list_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("diagnostic", sa.String(), nullable=False),
        sa.Column("delivery_id", sa.String(), nullable=False),
        sa.Column("bounced_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_bounces_address_hash", "bounces", ["address_hash"], unique=False)
    op.create_table(
        "used_once",
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("kind", "key"),
    )


def downgrade() -> None:
    raise NotImplementedError("Consent would be lost: restore a backup.")
