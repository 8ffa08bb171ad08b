"""Providers that send an invitation, one module each: text messages, mail, a folder, none."""
