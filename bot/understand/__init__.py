"""What the week was about: languages, events, who should care, what is related."""
