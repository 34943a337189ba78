"""People who ask for songs in a chat, by the same door as phones: IRC, Twitch, Mastodon.

`adapter` is what a chat has to offer, three functions; `gathering` opens the chats that the file
`guests.toml` names, puts what is asked for into the queue, and answers.
"""

__all__ = ["adapter", "gathering"]
