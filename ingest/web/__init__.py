"""The routes, with one module for each audience, and the replies to refused requests."""
