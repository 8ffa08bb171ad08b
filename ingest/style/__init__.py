"""A municipality's `[style]`, made of the design tokens that it publishes."""
