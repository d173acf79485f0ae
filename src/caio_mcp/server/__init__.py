"""The MCP server: the only part that knows the protocol."""
