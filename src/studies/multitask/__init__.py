"""Three tasks on one small image: what it shows, where and with which texture, and how large."""
