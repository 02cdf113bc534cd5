"""`python3 -m installer`."""

import sys

from installer.command import main

sys.exit(main())
