"""What stands around every page: navigation, language, light or dark, the offline shell, errors."""
