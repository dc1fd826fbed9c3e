"""What schools were told of their days: the letter, the message, and what changed since."""
