"""Call detection: is there a call in a 3 s recording, also on recorders never heard before?"""
