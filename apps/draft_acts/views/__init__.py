"""Pages of draft acts. Addresses that name an object are open to everybody who may see it; nobody else learns of it."""
