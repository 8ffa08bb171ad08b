"""Municipalities, their touchpoints and house style, and the catalogue of all."""
