"""The one password and the one app secret of the demonstration accounts. They are listed on the sign-in page, and only
there they work.
"""

DEMO_PASSWORD = "makuldashuu-demo"
DEMO_TOTP_SECRET = "MAKULDASHUUDEMOMAKULDASHUUDEMOAA"
