"""The core's positions over many loans at once: packed projections in, one row a loan out.

`blocks` packs the projection of one loan; `steps` reads the blocks of many as columns of whole
numbers; `terms_left` divides principal by when it falls due. It is the only place where arrays
stand for loans, and it gives exactly the core's figures.
"""
