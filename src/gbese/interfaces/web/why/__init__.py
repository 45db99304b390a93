"""Why an amount is what it is: the derivations of the core in words, as a page and as a panel."""
