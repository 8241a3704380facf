"""What a fetch means: due times, parsing, dates, normal forms, decisions."""
