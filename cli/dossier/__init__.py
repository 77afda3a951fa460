"""The dossier: one ZIP that proves a change to someone who trusts nobody, with the program that checks it."""
