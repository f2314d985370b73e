"""Write `schema.graphql`, or check that it is what the code says."""

from argparse import ArgumentParser
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from graphql import build_schema, lexicographic_sort_schema, print_schema

from server.api.schema import schema

SCHEMA_FILE = Path(settings.BASE_DIR) / "schema.graphql"


class Command(BaseCommand):
    help = "Write schema.graphql from the code; with --check, fail where it differs instead."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="compare, do not write")

    def handle(self, *, check: bool, **_options: object) -> None:
        # Sorted from the text: sorting the schema itself would lose Strawberry's enums.
        text = print_schema(lexicographic_sort_schema(build_schema(schema.as_str()))) + "\n"
        if not check:
            SCHEMA_FILE.write_text(text, encoding="utf-8")
            self.stdout.write(f"Wrote {SCHEMA_FILE.name}.")
        elif not SCHEMA_FILE.exists() or SCHEMA_FILE.read_text(encoding="utf-8") != text:
            raise CommandError("schema.graphql differs from the code; run `make schema`.")
        else:
            self.stdout.write("schema.graphql is what the code says.")
