"""The dashboard's display code: it reads releases, and nothing that has seen a case."""
