"""What the doctor looks at in every installation."""
