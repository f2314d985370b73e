"""Stock strawberry-django over the same tables: `DjangoListConnection`, the optimizer, its view."""
