"""The widget for municipal sites: its files, and what it asks of the service."""
