"""What texts are about: files of words, and which themes of them a text has. Pure."""
