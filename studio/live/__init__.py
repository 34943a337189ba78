"""What plays in time: the transport, the player process and its ports, and controllers."""
