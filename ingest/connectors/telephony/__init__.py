"""Telephone platforms: a message of each call, read by pointers; one file for each platform."""
