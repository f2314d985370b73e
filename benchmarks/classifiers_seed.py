"""`python -m benchmarks.classifiers_seed PEOPLE`: fill a migrated database with classifiers.

Each person has one, taught, and a token. Run in an environment of its own, the server's.
"""

import json
import sys

import django
import numpy as np

from benchmarks.teacher import NAME

LABELS = 5
EMBEDDING_SIZE = 1280


def main() -> int:
    """Fill the database; print the secrets of the tokens as JSON."""
    django.setup()
    from server.accounts.models import Scope, User
    from server.accounts.tokens import create_token
    from server.classifier.card import EFFICIENTNET_LITE0
    from server.teaching.models import Classifier, ClassifierVersion

    card = EFFICIENTNET_LITE0
    owners = User.objects.bulk_create(
        [User(email=f"user-{number}@example.org") for number in range(int(sys.argv[1]))]
    )
    classifiers = Classifier.objects.bulk_create(
        [Classifier(user=user, name=NAME) for user in owners]
    )
    head = _head()
    versions = ClassifierVersion.objects.bulk_create(
        [
            ClassifierVersion(
                classifier=classifier,
                number=1,
                sha256=f"{classifier.pk:064x}",
                backbone=f"{card.name} {card.version}",
                labels=[f"label {label}" for label in range(LABELS)],
                example_counts=[2] * LABELS,
                head=head,
                threshold=-1.0,
                temperature=1.0,
                confusions=[],
                revision=0,
                examples_present=2 * LABELS,
            )
            for classifier in classifiers
        ],
        batch_size=100,
    )
    for classifier, version in zip(classifiers, versions, strict=True):
        classifier.current_version = version
    Classifier.objects.bulk_update(classifiers, ["current_version"], batch_size=500)
    tokens = [
        create_token(user, name="bench", scopes=list(Scope), expires_at=None)[1] for user in owners
    ]
    print(json.dumps(tokens))
    return 0


def _head() -> bytes:
    from server.classifier.head_training import train_head

    embeddings = np.random.default_rng(0).exponential(0.3, (2 * LABELS, EMBEDDING_SIZE))
    return train_head(embeddings, np.arange(2 * LABELS) // 2).head.to_bytes()


if __name__ == "__main__":
    sys.exit(main())
