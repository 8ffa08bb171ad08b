"""Questionnaires: files, versions, translations, and what stays comparable."""
