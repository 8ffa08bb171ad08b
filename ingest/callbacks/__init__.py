"""Who wants to be called after an answer: taken in, sealed, and opened once by who calls."""
