"""What is not planned."""


class NotPlanned(Exception):
    """The document is the executor's; `because` is a word for the figures.

    field: it has a permission, an extension or a directive that plans know nothing of.
    operation: there is none of this name, or it is a subscription.
    introspection: it asks for the schema.
    conditions: there are too many of them, or one is not known.
    hint: a resolver has read a column of a row that its field does not name.
    information: a resolver has asked for something that plans do not keep.
    assumption: the libraries are not as they were when this was written.
    """

    def __init__(self, because: str) -> None:
        super().__init__(because)
        self.because = because
