"""What Alembic runs around the migrations: it works on the connection that the store opened."""

from alembic import context

# The store holds the transaction and the lock, so that a migration is made once and whole.
context.configure(connection=context.config.attributes["connection"])
context.run_migrations()
