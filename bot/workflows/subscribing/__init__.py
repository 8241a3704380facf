"""The life of a subscriber: signing up, confirming, choosing, pausing, leaving, being forgotten."""
