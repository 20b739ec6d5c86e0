"""Who asks: whoever holds a token, or has signed in with a browser."""
