"""What operators see: log lines, latencies and progress."""
