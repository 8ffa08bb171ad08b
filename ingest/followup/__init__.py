"""Signals: that a low mark came in somewhere, who is told of it, and what was done about it."""
