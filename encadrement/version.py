"""La version de l’application : celle du journal des changements, celle qu’une archive porte."""

VERSION = "0.1.0"
