"""What is served beside what Streamlit serves: its page dressed, cards, files from memory."""
