#!/usr/bin/env python
"""Django's command-line utility for the portal. `script/manage` starts what it needs first."""

import os
import sys

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "consultation_portal.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
