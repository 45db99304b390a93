"""What money costs or earns a year, worked out from the flows of a contract.

`flows` are amounts with their moments, `roots` finds every rate at which they come to nothing, and
`intervals` turns dates into the moments that a law counts by. One module per method of disclosure
says which rate it is and how it is printed; `of_loan` reads the flows off a projection.
"""
