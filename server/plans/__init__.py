"""Documents of GraphQL made into functions: graphql-core's answers without its work for each field.

An executor asks anew for each field of each row what it is of and how it is told. That is the same
whenever a document is sent, so it is asked once, and a *plan* is left: functions around the
resolvers as they are declared, which read rows of a page by their place. `plan_of` makes one, or
says that it can't; what is not planned is the executor's.

plan → objects → fields → {completing, rows, arguments} → insides, of Strawberry
"""
