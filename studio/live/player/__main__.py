"""`python -m studio.live.player`: started by `PlayerClient`, which talks to its pipes."""

import os

from studio.live.player._process import main

# Not sys.exit: a dead sound server makes libjack wait in its own farewell.
os._exit(main())
