"""Local detection of sensitive content: text in, findings out; nothing leaves memory."""
