"""The web: pages, outbox preview, health."""
