"""`python -m caio_mcp` is `caio-mcp`."""

from .cli import main

if __name__ == "__main__":
    main()
