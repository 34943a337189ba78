"""Songs on request: wishes that people send from their phones, and what becomes of them.

`queue` holds what was asked for and its rules, `votes` what the crowd wants to see, `archive` the
folder of songs; `service` performs them in time and opens the page, to which `qr_code` leads;
`guests` are those who ask in a chat. The private modules are the page itself.
"""

__all__ = ["archive", "guests", "qr_code", "queue", "service", "votes"]
