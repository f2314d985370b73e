"""What we are measured against: each peer in an environment of its own, none of them installed here."""
