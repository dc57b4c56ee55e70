"""How requests go out: one request and its response, deadlines, and patches to httpcore."""
