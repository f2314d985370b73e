"""`python3.11 -m scripts.set_api_address https://…`: tells Vercel where the API is.

vercel.json takes no variables, so the address stands in every rewrite; this puts it there.
"""

import argparse
import re
import sys

from scripts.paths import ROOT

VERCEL = ROOT / "vercel.json"
ORIGIN = r"https://[a-z0-9-]+(?:\.[a-z0-9-]+)+(?::[0-9]+)?"


def with_api_address(vercel: str, origin: str) -> str:
    """Return the text of vercel.json with all its rewrites to `origin`."""
    return re.sub(rf'("destination": "){ORIGIN}/', rf"\g<1>{origin}/", vercel)


def main() -> int:
    """Write vercel.json; 1 after a sentence where the address is none."""
    parser = argparse.ArgumentParser(description="Tell vercel.json where the API is.")
    parser.add_argument("address", help="such as https://telltale.onrender.com")
    origin = parser.parse_args().address.rstrip("/")
    if not re.fullmatch(ORIGIN, origin):
        print(f"{origin} is no address such as https://telltale.onrender.com.")
        return 1
    VERCEL.write_text(with_api_address(VERCEL.read_text(), origin))
    print(f"Vercel will pass what is for the API on to {origin}. Commit vercel.json.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
