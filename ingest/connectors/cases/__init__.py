"""Cases of Open Zaak, and of whatever else keeps the same standards: closed, and opened again."""
