"""Notifications of other systems: kept at once, followed later."""
