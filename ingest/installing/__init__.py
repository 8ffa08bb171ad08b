"""One machine made ready: settings, units, a proxy and roles, written whole or not at all."""
