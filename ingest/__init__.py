"""Meetpunt: ask residents a few short questions, and store what they answer."""

__version__ = "0.1.0"
