"""One act's whole way over HTTP, through the forms that people use. See script/smoke."""
