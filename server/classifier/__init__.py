"""Tell what is in a picture: bytes in, probabilities and an embedding out.

``inference.Inference`` is the way in for a server process. Nothing here knows of Django, GraphQL or
environment variables, and importing it imports neither PyTorch nor ONNX Runtime.
"""

import os

# ONNX Runtime reports its use to its makers unless it is told not to before it is imported
# (`Privacy.md` in its package). Nobody has been asked; and the thread that sends would be lost in a
# fork, so that a worker could never end.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
