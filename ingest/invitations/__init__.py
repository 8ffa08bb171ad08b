"""Who may be asked once: links for one response each."""
