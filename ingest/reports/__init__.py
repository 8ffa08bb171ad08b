"""The page of each department at the end of a month, and the council's each quarter."""
