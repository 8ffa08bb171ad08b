"""The widget for municipal sites: its files, and the questions that it gets."""
