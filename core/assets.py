"""Where the files lie that the browser loads, and data."""

from pathlib import Path

ASSETS = Path(__file__).resolve().parents[1] / "assets"
