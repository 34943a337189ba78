"""What stands under the pad: controls, variations, map and walk.

`tabs` holds them; a tab follows the front deck while it is seen.
"""

__all__ = ["page", "tabs"]
