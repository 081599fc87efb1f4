"""The build: `build.build` shows the whole on one screen, the other modules hold its steps."""
