"""What is said around the questions, in every language, and which language somebody gets."""
