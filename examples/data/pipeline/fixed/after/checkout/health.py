"""Exits with 0 where the service answers."""

import sys
import urllib.error
import urllib.request


def main() -> int:
    try:
        urllib.request.urlopen("http://127.0.0.1:8000/", timeout=2)
    except urllib.error.HTTPError:
        return 0
    except OSError:
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
