"""What lies outside this machine, imitated on it: so whoever imitates it may have it called."""

import os

os.environ["MEETPUNT_LOOPBACK"] = "1"
