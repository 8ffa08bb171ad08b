"""Meetpunt: ask residents two to five questions, and store what they answer."""

__version__ = "0.1.0"
