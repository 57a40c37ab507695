"""What surrounds a page: head, styles and scripts, and the HTML that precedes Streamlit."""
