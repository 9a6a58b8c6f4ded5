"""Les verbes des communautés de pratique, un fichier par moment du cadre."""
