"""Does what was taught on the studio's canvas work by voice, with other values, and on the site's next release?"""
