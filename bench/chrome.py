"""What Chrome on Android says of itself with each request; a bench says the same, so that its bytes are a browser's."""

USER_AGENT = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36"
HEADERS = {"Accept-Encoding": "gzip, deflate, br, zstd", "Accept-Language": "nl-BE,nl;q=0.9,en;q=0.8"}
OF_A_SOCKET = {"Pragma": "no-cache", "Cache-Control": "no-cache", **HEADERS}
