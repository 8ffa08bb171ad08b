"""What is destroyed when its term is over."""
