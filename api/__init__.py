"""HTTP routes and middleware that run next to the dashboard."""
