"""Backups of our own Postgres: made, received all the time, kept for a while, restored."""
