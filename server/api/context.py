"""What every resolver is given beside its arguments."""

from dataclasses import dataclass, field

import strawberry
from django.http import HttpRequest

from server.accounts.identity import Identity, session_user
from server.accounts.models import Scope, User
from server.api.errors import CostLimitExceeded, Forbidden, Unauthenticated
from server.classifier.classifier import Classification
from server.predictions.pages import PageReader

MAX_ROWS_PER_REQUEST = 2_000
ROWS_OF_A_COUNT = 200  # what counting over a whole history is reckoned as, which reads all of it
ROWS_OF_A_SEARCH = 400  # and looking through one for what passes a filter, which may read it twice
LEAST_ROWS_OF_A_LOOK = 10  # of a page, however short, and of what lies beside it: a statement each


@dataclass
class RowBudget:
    """How many list items the fields of one request may still ask for.

    Sizes stand in variables as well as in the document, so this is counted while executing.
    """

    left: int = MAX_ROWS_PER_REQUEST

    def spend(self, rows: int) -> None:
        """Take rows from the budget.

        Raises:
            CostLimitExceeded: there are not as many left.
        """
        self.left -= rows
        if self.left < 0:
            raise CostLimitExceeded(
                f"The lists of one request may hold {MAX_ROWS_PER_REQUEST} items together; a "
                f"count over a whole history is reckoned as {ROWS_OF_A_COUNT}, a filter that may "
                f"look through it as {ROWS_OF_A_SEARCH} more. Ask for smaller pages or fewer."
            )


@dataclass(frozen=True)
class Context:
    """The request, who makes it, and what it may still cost."""

    request: HttpRequest
    identity: Identity
    row_budget: RowBudget = field(default_factory=RowBudget)
    reads: PageReader = field(default_factory=PageReader)
    # What came along together, by the keys of predictions; and what was read of them, by model.
    pages: list[tuple[int, ...]] = field(default_factory=list)
    readings: dict[str, dict[int, Classification | None]] = field(default_factory=dict)

    def companions(self, prediction_id: int) -> tuple[int, ...]:
        """Return the keys of the predictions that were read along with one, itself among them."""
        together = (page for page in self.pages if prediction_id in page)
        return next(together, (prediction_id,))

    def owner(self) -> User:
        """Return the user whose things the request has found already, whatever a token may read.

        Raises:
            Unauthenticated: anonymous.
        """
        user = self._user()
        if user is None:
            raise Unauthenticated("Log in, or send a token: Authorization: Bearer tt_…")
        return user

    def reader(self) -> User | None:
        """Return the user whose things may be read; None when anonymous.

        Raises:
            Forbidden: a token without the scope READ.
        """
        return self._user_with(Scope.READ)

    def predictor(self) -> User:
        """Return the user who predicts.

        Raises:
            Unauthenticated: anonymous.
            Forbidden: a token without the scope PREDICT.
        """
        return self._required_user_with(Scope.PREDICT)

    def manager(self) -> User:
        """Return the user who changes or deletes what is stored.

        Raises:
            Unauthenticated: anonymous.
            Forbidden: a token without the scope MANAGE.
        """
        return self._required_user_with(Scope.MANAGE)

    def session_user(self) -> User:
        """Return the user of a session, for what no token may do.

        Raises:
            Unauthenticated: anonymous.
            Forbidden: a token.
        """
        self.require_no_token()
        user = self._user()
        if user is None:
            raise Unauthenticated("Log in first; a token can't do this.")
        return user

    def require_no_token(self) -> None:
        """Refuse a token.

        Raises:
            Forbidden: a token.
        """
        if self.identity.token is not None:
            raise Forbidden("A token can't do this; log in and use the session.")

    def _required_user_with(self, scope: Scope) -> User:
        user = self._user_with(scope)
        if user is None:
            raise Unauthenticated("Log in, or send a token: Authorization: Bearer tt_…")
        return user

    def _user_with(self, scope: Scope) -> User | None:
        if not self.identity.may(scope):
            raise Forbidden(f"This token lacks the scope {scope.value}.")
        return self._user()

    def _user(self) -> User | None:
        # An earlier mutation of the same document may have begun or ended the session.
        return self.identity.user if self.identity.token else session_user(self.request)


Info = strawberry.Info[Context, None]
