"""What the systems around a municipality tell, as the demo plays them."""
