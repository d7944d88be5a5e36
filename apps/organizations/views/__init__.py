"""Pages of the administration, of leave and substitution, and of the rules of signing."""
