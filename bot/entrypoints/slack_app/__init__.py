"""Slack as a client: slash command, buttons and forms, over HTTP or Socket Mode from the same listeners."""
