"""Small independent implementations of parts of the kit, with which the kit must agree."""
