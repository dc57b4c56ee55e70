"""How a body is read beyond the generated decoder: sound parts, violations and unknown fields."""
