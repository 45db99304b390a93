"""Exchange rates, reference rates and holidays: dated facts that many loans share.

In come figures as a source published them, with their date; out go exact rates that say which day
and which source they are of. Nothing is edited: a correction is a newer version of the same day.
"""
