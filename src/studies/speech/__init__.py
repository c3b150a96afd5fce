"""Speech emotion: what does a voice express, also one that was never heard before?"""
