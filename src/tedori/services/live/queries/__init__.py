"""The only readers: rows in, frozen values out."""
