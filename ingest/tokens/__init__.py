"""Keys, the tokens that they sign, and codes that stand for what is not remembered."""
