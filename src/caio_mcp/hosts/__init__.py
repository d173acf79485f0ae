"""MCP hosts: where their configuration lies, and how one entry gets into it and out again."""
