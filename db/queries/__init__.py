"""The app's SQL, one module for each subject."""
