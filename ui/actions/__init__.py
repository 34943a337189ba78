"""What the window can do: each action with its keys, and the list of them."""

__all__ = ["actions", "key_list", "palette", "session_actions"]
