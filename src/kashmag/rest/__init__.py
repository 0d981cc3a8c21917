"""How any JSON API is spoken to: values, codec, transport, caller. Knows no vendor."""
