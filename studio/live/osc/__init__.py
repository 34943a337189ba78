"""OSC in and out, over the addresses of `studio.control`.

`service` is the way in; it listens to this computer alone unless told otherwise.
"""

__all__ = ["packets", "service"]
