"""A small network of our own that reads a question and a passage together; see `MODEL_CARD.md`."""
