"""What tells us that a contact ended: one folder for each kind of neighbour."""
