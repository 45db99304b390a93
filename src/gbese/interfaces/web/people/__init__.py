"""Who may sign in and what they may do, and the audit trail of what everybody did."""
