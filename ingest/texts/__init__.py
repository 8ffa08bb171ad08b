"""The texts around the questions in every language, and the choice of a language."""
