"""The parts of the page that do not change: its name, and the places its script fills."""

TITLE = "Ask your documents"
WELCOME = '<div class="rag-welcome"></div>'
ROOT = '<div class="rag-root"></div>'
