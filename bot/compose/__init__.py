"""How a recap reads: cards, digests, Slack messages, mails."""
