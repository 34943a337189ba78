"""Sound: a synthesiser in a process of its own, and the devices that it plays on."""
