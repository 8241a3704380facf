"""Deepen digests: sections, what else there was, last week's numbers; and routes with rules of their own."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("sections", "also"):
        op.add_column("digests", _text(name, default="[]"))
    for table in ("digests", "recaps"):
        op.add_column(table, sa.Column("previous", sa.Text(), nullable=True))
    op.add_column("routes", sa.Column("max_per_publisher", sa.Integer(), nullable=True))
    for name in ("mute", "boost"):
        op.add_column("routes", _text(name, default="{}"))
    for name, default in (("sections", "none"), ("thin_week", "hold"), ("on_timeout", "hold")):
        op.add_column("routes", sa.Column(name, sa.String(), nullable=False, server_default=default))


def downgrade() -> None:
    raise NotImplementedError("What the new columns hold would be lost: restore a backup.")


def _text(name: str, *, default: str) -> sa.Column[str]:
    """Return a column that the release before can leave out."""
    return sa.Column(name, sa.Text(), nullable=False, server_default=default)
