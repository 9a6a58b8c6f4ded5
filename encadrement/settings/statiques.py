"""Rassembler les fichiers statiques en bâtissant l’image : ni base, ni secret, ni réglage de production."""

from .base import *

SECRET_KEY = "rassembler-les-fichiers-statiques"
