"""Which events matter most, and why: signals, scores, selection."""
