"""Invitations: links for one response each."""
