"""What people use, one folder each, found by walking this folder."""
