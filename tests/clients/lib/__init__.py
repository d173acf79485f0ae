"""What the clients share: the conversation, and how the server starts."""
