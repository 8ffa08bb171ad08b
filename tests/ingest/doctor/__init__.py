"""What the doctor tells where all is well, and where it is not."""
