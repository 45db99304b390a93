"""The dashboard, and the debt by term."""
