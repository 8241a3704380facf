"""Storage on SQLite or PostgreSQL."""
