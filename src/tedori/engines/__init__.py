"""What is hard, made pure: arguments in, values out."""
