"""Destroy data when its term is over."""
