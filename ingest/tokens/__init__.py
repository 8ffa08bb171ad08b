"""Keys, the tokens that they sign, and keyed codes that are stored instead of ids and contents."""
