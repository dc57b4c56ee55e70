"""What the kit derives from documents, kept whole, and relations between what it derives."""
