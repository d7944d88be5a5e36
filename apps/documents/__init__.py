"""Files by their SHA-256, official documents rendered once and sealed, and their verification."""
