"""Start warcprox so that it records servers on this machine; called with warcprox's own options."""

import sys

import warcprox.main
import warcprox.warcproxy

warcprox.warcproxy.WarcProxyHandler.allow_localhost = True
sys.argv[0] = "warcprox"
warcprox.main.main()
