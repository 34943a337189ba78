"""What an artist sets once for this computer: each setting declared once, and the file they are in.

No part of a scene: a scene that travels finds other ports, folders and text sizes elsewhere.
"""

__all__ = ["declared", "model", "screens", "store"]
