"""Loads the plugins that give every test run its database and the browser tests their browser."""

pytest_plugins = ("tests.plugins.databases", "tests.plugins.chromium")
