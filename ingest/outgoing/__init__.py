"""Calls to others: only to hosts that a municipality named, and to addresses that we looked at."""
