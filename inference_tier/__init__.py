"""An inference tier: the exported graphs behind the Open Inference Protocol, on Ray Serve.

It runs in an environment of its own (`requirements.txt`) and knows of the service no more than
`server.classifier`, and neither Django nor the database. `protocol` knows no Ray.
"""
