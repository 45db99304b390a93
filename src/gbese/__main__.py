"""`python -m gbese`: the same as the command `gbese`."""

import sys

from gbese.interfaces.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
