"""Looks how an installation is, changes nothing, and tells it in sentences, a subject a module."""
