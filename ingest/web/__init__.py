"""What is served, one file an audience, with what each is told when it is refused."""
