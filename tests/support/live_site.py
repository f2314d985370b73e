"""Under its former name until tests/worker has gone: see `harness.site`, `harness.databases`."""

from harness.databases import migrated_database as temporary_database
from harness.site import LiveSite, running_site

__all__ = ["LiveSite", "running_site", "temporary_database"]
