"""The pages of imports: upload, choose columns, look at the dry run, commit, undo."""
