"""What an event means: claims with quotes, timeline, kind, advice."""
