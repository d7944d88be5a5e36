"""The one password of the demonstration accounts. They are listed on the sign-in page, and only there they work."""

DEMO_PASSWORD = "makuldashuu-demo"
