"""Signals: what a department is told of, and what it did about it."""
