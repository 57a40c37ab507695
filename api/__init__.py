"""Routes and middleware beside the dashboard."""
