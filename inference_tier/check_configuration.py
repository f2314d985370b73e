"""`python -m inference_tier.check_configuration`: serve.yaml, held against Ray's own schema."""

from pathlib import Path

import yaml
from ray.serve.schema import ServeDeploySchema

from inference_tier.application import Arguments, graphs

CONFIGURATION = Path(__file__).with_name("serve.yaml")


def main() -> None:
    """Raise where Ray, or our application, would not take it."""
    schema = ServeDeploySchema.model_validate(yaml.safe_load(CONFIGURATION.read_text()))
    (application,) = schema.applications
    Arguments(**application.args)
    (deployment,) = application.deployments
    if deployment.name != graphs.name:
        raise ValueError(f"{CONFIGURATION.name} names {deployment.name}, not {graphs.name}")
    print("serve.yaml is as Ray wants it.")


if __name__ == "__main__":
    main()
