"""What other systems count of the work itself: told over the API or by a list, checked, stored."""
