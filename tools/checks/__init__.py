"""tools/checks - the rules of the house, one file each; tools/lint runs them."""
