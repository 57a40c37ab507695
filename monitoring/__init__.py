"""What operators see: log lines and latencies."""
