"""Start warcprox so that it records servers on this machine; called with warcprox's own options.

It refuses every request to a server for a minute once an answer of that server made no sense to it; every row of the
matrix comes from one server, so it is made to forget at once.
"""

import sys

import warcprox.main
import warcprox.mitmproxy
import warcprox.warcproxy
from cachetools import TTLCache

warcprox.warcproxy.WarcProxyHandler.allow_localhost = True
warcprox.mitmproxy.TTLCache = lambda **_: TTLCache(maxsize=1, ttl=0.001)
sys.argv[0] = "warcprox"
warcprox.main.main()
