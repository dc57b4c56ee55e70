"""Every option and argument of every command changes an output, a file or a request."""
