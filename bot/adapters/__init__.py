"""One outside system per file or folder; its types and errors stop here."""
