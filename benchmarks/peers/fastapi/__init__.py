"""FastAPI with the exported graph, one model a uvicorn worker."""
