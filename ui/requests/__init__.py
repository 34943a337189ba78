"""Songs on request in the window: the dialog with the queue, and what drives the service."""

__all__ = ["dialog", "driver"]
