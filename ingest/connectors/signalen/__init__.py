"""Reports in Signalen: who reported answers by the link of its closing mail, and it is told."""
