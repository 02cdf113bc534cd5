"""Roundup's own WSGI handler over one tracker (its server refuses to run as root). Usage: roundup_wsgi.py PORT HOME"""

import sys
from wsgiref.simple_server import make_server

from roundup.cgi.wsgi_handler import RequestDispatcher

if __name__ == "__main__":
    make_server("127.0.0.1", int(sys.argv[1]), RequestDispatcher(sys.argv[2])).serve_forever()
