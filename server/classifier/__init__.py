"""Tell what is in a picture: bytes in, probabilities and an embedding out.

``inference.Inference`` is the way in for a server process. Nothing here knows of Django, GraphQL or
environment variables, and importing it imports neither PyTorch nor ONNX Runtime.
"""
