"""What the Makefile and build.sh run; the set-up itself needs the standard library alone."""
