"""What `latentloom bench stage` measures: each part is a module with `rows(seconds)`."""
