"""Programs that the lab builds or finds: Go, the tools built with it, Debian packages, images."""
