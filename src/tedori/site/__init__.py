"""The only place that knows everything: settings, addresses, doors and the command line."""
